package dev.sva4j.conformance;

import dev.sva4j.spi.TranslationContext;

/**
 * Lets pages of a process lead elsewhere without the knowledge of anyone, so that a rule can ask the driver half for an invalidation
 * which no mapping call would make. Closing it puts everything back.
 */
final class Detour implements AutoCloseable {
    /** What the frame elsewhere begins with. */
    static final long ELSEWHERE = 0xE15E_0000_0000_0000L;

    private final Machine machine;
    private final TranslationContext context;
    private final PageTableEditor tables;
    private final long first;
    private final long[] leaves;
    private final long frame;

    Detour(Machine machine, int pasid, long first, int pages) {
        this.machine = machine;
        this.context = machine.tap().context(pasid);
        this.tables = machine.editorOf(context);
        this.first = first;
        this.leaves = new long[pages];
        this.frame = machine.frame(ELSEWHERE);
        for (int page = 0; page < pages; page++) {
            leaves[page] = tables.leaf(at(page));
            tables.redirect(at(page), frame);
        }
    }

    /** Asks the driver half for an invalidation of just these bytes. */
    void invalidate(long start, long last, boolean withTables) {
        machine.tap().driver().invalidate(context, start, last, withTables);
    }

    /** The device must be on the detour everywhere. */
    void mustBeTaken(int pasid) {
        for (int page = 0; page < leaves.length; page++) {
            machine.dma().mustLoad(pasid, at(page), ELSEWHERE);
        }
    }

    private long at(int page) {
        return first + page * Machine.PAGE_SIZE;
    }

    @Override
    public void close() {
        for (int page = 0; page < leaves.length; page++) {
            tables.restore(at(page), leaves[page]);
        }
        invalidate(0, -1, true);
        machine.freeFrame(frame);
    }
}
