package dev.sva4j.conformance;

/** A dozen pages on both sides of a boundary where the tables of every format change. */
final class Dozen {
    static final int PAGES = 12;

    /** The first of them. */
    static final long FIRST = Machine.BASE + (1L << 30) - PAGES / 2 * Machine.PAGE_SIZE;

    private Dozen() {}

    static long at(int page) {
        return FIRST + page * Machine.PAGE_SIZE;
    }

    /** Lets the device write to each, so that every cache has it. */
    static void storeEverywhere(Machine machine, int pasid) {
        for (int page = 0; page < PAGES; page++) {
            machine.dma().mustStore(pasid, at(page), page);
        }
    }
}
