package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/** Changes and removes leaves in tables that hardware may be walking and marking. Used by one thread at a time. */
final class TableEditor {
    private final PageTableFormat format;
    private final PhysicalMemory memory;

    TableEditor(PageTableFormat format, PhysicalMemory memory) {
        this.format = format;
        this.memory = memory;
    }

    /** What becomes of a leaf. */
    interface Change {
        /** Removes it. */
        Change REMOVE = (level, entry) -> 0;

        /** The entry to write instead; the same one to leave it alone. */
        long apply(int level, long entry);
    }

    /**
     * Applies a change to every leaf of a range. No leaf is cut by the ends of the range.
     *
     * @param tables takes the tables that are empty afterwards; null to keep them where they are
     */
    void edit(
            int level,
            long table,
            long start,
            long last,
            Change change,
            LeafListener leaves,
            @Nullable TableReclaimer tables) {
        int shift = format.indexShift(level);
        long base = start & ~Bits.low(shift + format.indexBits(level));
        int begin = format.index(level, start);
        int end = format.index(level, last);
        boolean changed = false;
        for (int i = begin; i <= end; i++) {
            long entryAddress = table + 8L * i;
            long entry = memory.loadAcquire(entryAddress);
            if (!format.isPresent(level, entry)) {
                continue;
            }
            long slot = base + ((long) i << shift);
            if (format.isLeaf(level, entry)) {
                changed |= replace(level, slot, entryAddress, entry, change, leaves);
                continue;
            }
            long first = Bits.max(start, slot);
            long lastHere = Bits.min(last, slot + Bits.low(shift));
            long child = format.tableAddress(level, entry);
            edit(level - 1, child, first, lastHere, change, leaves, tables);
            if (tables != null && isEmpty(level - 1, child)) {
                unlink(entryAddress, child, tables);
            }
        }
        if (changed) {
            memory.writeBack(table + 8L * begin, 8L * (end - begin + 1));
        }
    }

    /**
     * Compare-and-set, because hardware sets accessed and dirty bits in live leaves: one that comes in between is kept.
     */
    private boolean replace(int level, long va, long entryAddress, long entry, Change change, LeafListener leaves) {
        long old = entry;
        long wanted = change.apply(level, old);
        while (wanted != old) {
            if (memory.compareAndSet(entryAddress, old, wanted)) {
                leaves.changed(va, level, old);
                return true;
            }
            old = memory.loadAcquire(entryAddress);
            wanted = change.apply(level, old);
        }
        return false;
    }

    private boolean isEmpty(int level, long table) {
        int entries = 1 << format.indexBits(level);
        for (int i = 0; i < entries; i++) {
            if (format.isPresent(level, memory.loadAcquire(table + 8L * i))) {
                return false;
            }
        }
        return true;
    }

    /** A plain release store will do: what hardware may set in the pointer meanwhile is of no interest any more. */
    private void unlink(long entryAddress, long table, TableReclaimer tables) {
        memory.storeRelease(entryAddress, 0);
        memory.writeBack(entryAddress, 8);
        tables.reclaim(table, PageTable.log2Allocation(format, 0));
    }

    /** Hands out every table below and including this one. Nothing is written: no walker starts here any more. */
    void surrender(int level, long table, TableReclaimer tables) {
        int entries = level == 0 ? 0 : 1 << format.indexBits(level);
        for (int i = 0; i < entries; i++) {
            long entry = memory.loadAcquire(table + 8L * i);
            if (format.isPresent(level, entry) && !format.isLeaf(level, entry)) {
                surrender(level - 1, format.tableAddress(level, entry), tables);
            }
        }
        tables.reclaim(table, PageTable.log2Allocation(format, level));
    }
}
