package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.PhysicalMemory;

/** Builds the tables that take the place of a block which {@code start … last} cuts. Used by one thread. */
final class BlockSplitter {
    private final PageTableFormat format;
    private final PhysicalMemory memory;
    private final long start;
    private final long last;

    BlockSplitter(PageTableFormat format, PhysicalMemory memory, long start, long last) {
        this.format = format;
        this.memory = memory;
        this.start = start;
        this.last = last;
    }

    /** Whether the range has a part of {@code first … end}, but not all. */
    boolean cuts(long first, long end) {
        boolean meets = Long.compareUnsigned(first, last) <= 0 && Long.compareUnsigned(end, start) >= 0;
        boolean within = Long.compareUnsigned(first, start) >= 0 && Long.compareUnsigned(end, last) <= 0;
        return meets && !within;
    }

    /** Tables that {@link #build} will take for a block of this level. */
    int tables(int level, long blockVa) {
        int child = level - 1;
        int shift = format.indexShift(child);
        int count = 1;
        for (int i = 0; i < 1 << format.indexBits(child); i++) {
            long va = blockVa + ((long) i << shift);
            count += isTable(child, va) ? tables(child, va) : 0;
        }
        return count;
    }

    /**
     * Fills tables that map what the block mapped, with its attributes: what was dirty is dirty in all its parts. As
     * few parts as will do, so a gigabyte of which one page is cut off falls into 511 large and 512 small leaves.
     *
     * @return the entry to write in the block's place
     */
    long build(int level, long blockVa, long oa, int attributes, FramePool frames) {
        int child = level - 1;
        int shift = format.indexShift(child);
        long table = frames.take();
        for (int i = 0; i < 1 << format.indexBits(child); i++) {
            long offset = (long) i << shift;
            long va = blockVa + offset;
            long entry = isTable(child, va)
                    ? build(child, va, oa + offset, attributes, frames)
                    : format.leafEntry(child, oa + offset, attributes);
            memory.store(table + 8L * i, entry);
        }
        memory.writeBack(table, 1L << format.tableShift(child));
        return format.tableEntry(level, table);
    }

    private boolean isTable(int level, long va) {
        return !format.canBeLeaf(level) || cuts(va, va | Bits.low(format.indexShift(level)));
    }
}
