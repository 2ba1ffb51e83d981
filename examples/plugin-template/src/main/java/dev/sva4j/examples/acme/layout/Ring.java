package dev.sva4j.examples.acme.layout;

/** Arithmetic of both rings: one page of 256 entries of two words. Head = tail means empty, so one entry stays unused. */
public final class Ring {
    /** Entries of a ring. */
    public static final int ENTRIES = 256;
    /** Size of a ring. */
    public static final long BYTES = 4096;

    private static final int ENTRY_BYTES = 2 * Long.BYTES;

    private Ring() {}

    /** The index of a position that counts entries and never wraps. */
    public static long index(long position) {
        return position % ENTRIES;
    }

    /** The index after this one. */
    public static long next(long index) {
        return index(index + 1);
    }

    /** How many entries there are from one index up to another. */
    public static long distance(long from, long to) {
        return index(to - from + ENTRIES);
    }

    /** Address of the first word of an entry; the second follows. */
    public static long entryAddress(long ring, long index) {
        return ring + index * ENTRY_BYTES;
    }
}
