package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.PhysicalMemory;

/** One {@link PageTable#map}: first counts the tables that are missing, then fills and links. Used by one thread. */
final class LeafInstaller {
    /** Stands for a table that does not exist yet. */
    private static final long NO_TABLE = -1;

    private final PageTableFormat format;
    private final PhysicalMemory memory;
    private final long vaToOa;
    private final int attributes;
    private final int maxShift;

    LeafInstaller(PageTableFormat format, PhysicalMemory memory, long vaToOa, int attributes, int maxShift) {
        this.format = format;
        this.memory = memory;
        this.vaToOa = vaToOa;
        this.attributes = attributes;
        this.maxShift = maxShift;
    }

    /**
     * Tables that {@link #install} of the same range will take.
     *
     * @throws IllegalStateException if something is mapped in the range
     */
    long missingTables(int level, long table, long start, long last) {
        if (level == 0 && table == NO_TABLE) {
            return 0;
        }
        long missing = 0;
        int shift = format.indexShift(level);
        long base = start & ~Bits.low(shift + format.indexBits(level));
        int end = format.index(level, last);
        for (int i = format.index(level, start); i <= end; i++) {
            long slot = base + ((long) i << shift);
            long first = Bits.max(start, slot);
            long lastHere = Bits.min(last, slot + Bits.low(shift));
            long entry = table == NO_TABLE ? 0 : memory.loadAcquire(table + 8L * i);
            if (!format.isPresent(level, entry)) {
                missing += fits(level, first, lastHere) ? 0 : 1 + missingTables(level - 1, NO_TABLE, first, lastHere);
            } else if (format.isLeaf(level, entry)) {
                throw new IllegalStateException(String.format(
                        "0x%x is mapped already (level %d entry 0x%x); unmap it first", first, level, entry));
            } else {
                missing += missingTables(level - 1, format.tableAddress(level, entry), first, lastHere);
            }
        }
        return missing;
    }

    /**
     * Writes the leaves of a range into a table that hardware may be walking.
     *
     * <p>A new table is filled, with all that is below it, before the entry that points to it is written, and written
     * back before that, too (I11): hardware sees a subtree whole or not at all.
     */
    void install(int level, long table, long start, long last, FramePool frames) {
        int shift = format.indexShift(level);
        long base = start & ~Bits.low(shift + format.indexBits(level));
        int begin = format.index(level, start);
        int end = format.index(level, last);
        boolean changed = false;
        for (int i = begin; i <= end; i++) {
            long slot = base + ((long) i << shift);
            long first = Bits.max(start, slot);
            long lastHere = Bits.min(last, slot + Bits.low(shift));
            long entryAddress = table + 8L * i;
            long entry = memory.loadAcquire(entryAddress);
            if (format.isPresent(level, entry)) {
                install(level - 1, format.tableAddress(level, entry), first, lastHere, frames);
                continue;
            }
            if (fits(level, first, lastHere)) {
                memory.storeRelease(entryAddress, format.leafEntry(level, first + vaToOa, attributes));
            } else {
                long child = frames.take();
                install(level - 1, child, first, lastHere, frames);
                memory.writeBack(child, 1L << format.tableShift(level - 1));
                memory.storeRelease(entryAddress, format.tableEntry(level, child));
            }
            changed = true;
        }
        if (changed) {
            memory.writeBack(table + 8L * begin, 8L * (end - begin + 1));
        }
    }

    /** Whether one leaf of this level maps exactly {@code first … last}. */
    private boolean fits(int level, long first, long last) {
        int shift = format.indexShift(level);
        return format.canBeLeaf(level)
                && shift <= maxShift
                && Bits.isAligned(first, shift)
                && Bits.isAligned(first + vaToOa, shift)
                && last == (first | Bits.low(shift));
    }
}
