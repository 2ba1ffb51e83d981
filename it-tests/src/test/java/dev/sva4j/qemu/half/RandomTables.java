package dev.sva4j.qemu.half;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.vendor.amd.layout.HostPageTable;
import dev.sva4j.vendor.amd.layout.HostPageTableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random host page tables of AMD-Vi: pages of all sizes that memory has room for, levels skipped, rights taken away. */
final class RandomTables {
    private static final long TABLE_BYTES = 0x1000;
    private static final int LARGEST_LEAF_LEVEL = 3;
    private static final int LARGEST_PAGE = 33;

    /** Pages are in memory between these addresses, in GiB. */
    private static final int FIRST_PAGE = 8;

    private static final int LAST_PAGE = 72;

    /** So that no address is negative. */
    private static final int HIGHEST_INDEX = 64;

    private final PhysicalMemory memory;
    private final SplittableRandom random;
    private final List<Long> holes = new ArrayList<>();
    private long next;

    /** Tables from address {@code first} on. */
    RandomTables(PhysicalMemory memory, long first, SplittableRandom random) {
        this.memory = memory;
        this.next = first;
        this.random = random;
    }

    /** Makes tables of so many levels, and returns where they begin. */
    long make(int levels) {
        return table(levels, 0);
    }

    /** Addresses that lead to no page. */
    List<Long> holes() {
        return holes;
    }

    private long table(int level, long iova) {
        long table = next;
        next += TABLE_BYTES;
        memory.zero(table, TABLE_BYTES);
        int entries = level > LARGEST_LEAF_LEVEL ? 1 : 4;
        for (int i = 0; i < entries; i++) {
            if (level == 1 || level <= LARGEST_LEAF_LEVEL && random.nextInt(3) > 0) {
                leaf(table, level, iova);
            } else {
                long at = iova + random.nextInt(HIGHEST_INDEX) * (1L << HostPageTable.log2EntrySize(level));
                long entry = HostPageTable.entryAddress(table, level, at);
                if (memory.load(entry) == 0) {
                    int below = Math.max(1, level - 1 - random.nextInt(2));
                    memory.store(entry, withRandomRights(HostPageTableEntry.table(below, table(below, at))));
                }
            }
        }
        long hole = iova + random.nextInt(HIGHEST_INDEX) * (1L << HostPageTable.log2EntrySize(level));
        if (memory.load(HostPageTable.entryAddress(table, level, hole)) == 0) {
            holes.add(hole);
        }
        return table;
    }

    private void leaf(long table, int level, long iova) {
        int entryShift = HostPageTable.log2EntrySize(level);
        int size = Math.min(LARGEST_PAGE, entryShift + random.nextInt(9));
        int copies = 1 << (size - entryShift);
        int index = random.nextInt(HostPageTable.ENTRIES) & -copies;
        long page = (random.nextLong(FIRST_PAGE, LAST_PAGE) << 30 | random.nextInt(1 << 30)) & -(1L << size);
        long leaf = withRandomRights(HostPageTableEntry.leaf(level, page, size));
        long first = HostPageTable.entryAddress(table, level, iova + index * (1L << entryShift));
        for (int i = 0; i < copies; i++) {
            if (memory.load(first + (long) i * Long.BYTES) != 0) {
                return;
            }
        }
        for (int i = 0; i < copies; i++) {
            memory.store(first + (long) i * Long.BYTES, leaf);
        }
    }

    private long withRandomRights(long entry) {
        return HostPageTableEntry.IW.put(
                HostPageTableEntry.IR.put(entry, random.nextInt(8) > 0), random.nextInt(4) > 0);
    }
}
