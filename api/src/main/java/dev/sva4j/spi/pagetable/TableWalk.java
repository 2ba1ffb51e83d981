package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.PhysicalMemory;

/** One visit of a {@link PageTableReader}: the way from the top table to where it is now. Used by one thread. */
final class TableWalk {
    /** Images lack single pages, so presence is asked page by page even where a table is larger. */
    private static final int PAGE_SHIFT = 12;

    private final PageTableFormat format;
    private final PhysicalMemory memory;
    private final PageTableVisitor visitor;
    private final long maxTables;
    private long tablesEntered;

    // The way down: tables entered, and the entries that were followed out of them, with their levels.
    private final long[] tables;
    private final long[] entries;
    private final int[] levels;
    private int depth;

    TableWalk(PageTableFormat format, PhysicalMemory memory, long maxTables, PageTableVisitor visitor) {
        this.format = format;
        this.memory = memory;
        this.maxTables = maxTables;
        this.visitor = visitor;
        this.tables = new long[format.levels()];
        this.entries = new long[format.levels()];
        this.levels = new int[format.levels()];
    }

    /** Notes that a table is entered. */
    void enter(int level, long table, long va) {
        if (tablesEntered == maxTables) {
            throw new MalformedPageTableException(
                    table,
                    String.format(
                            "walk of %s stopped at the table at 0x%x (level %d, address 0x%x): "
                                    + "it has entered %d tables, more than are plausible",
                            format.name(), table, level, va, maxTables));
        }
        tablesEntered++;
        visitor.table(level, va, table);
        tables[depth] = table;
        levels[depth] = level;
    }

    /** Walks {@code start … last}, which lie in what the table translates that was entered last. */
    void walk(int level, long table, long start, long last) {
        int shift = format.indexShift(level);
        long base = start & ~Bits.low(shift + format.indexBits(level));
        int end = format.index(level, last);
        for (int index = format.index(level, start); index <= end; ) {
            int chunkEnd = Math.min(end, lastOfPage(table, index));
            if (memory.contains(table + 8L * index, 8L * (chunkEnd - index + 1))) {
                for (int i = index; i <= chunkEnd; i++) {
                    visitEntry(level, table + 8L * i, base + ((long) i << shift), start, last);
                }
            } else {
                long first = Bits.max(start, base + ((long) index << shift));
                visitor.notInMemory(
                        level, first, Bits.min(last, base + ((long) chunkEnd << shift) + Bits.low(shift)), table);
            }
            index = chunkEnd + 1;
        }
    }

    private static int lastOfPage(long table, int index) {
        long lastInPage = (table + 8L * index) | Bits.low(PAGE_SHIFT);
        return (int) ((lastInPage - table) >>> 3);
    }

    private void visitEntry(int level, long entryAddress, long va, long start, long last) {
        long entry = memory.loadAcquire(entryAddress);
        if (!format.isPresent(level, entry)) {
            return;
        }
        if (format.isLeaf(level, entry)) {
            int attributes = inEffect(format.leafAttributes(level, entry));
            visitor.leaf(PageTableReader.leaf(format, level, va, entryAddress, entry, attributes));
            return;
        }
        long table = format.tableAddress(level, entry);
        int child = format.childLevel(level, entry);
        if (child < 0 || child >= level || isAbove(table)) {
            visitor.loop(level, va, entryAddress, table);
            return;
        }
        long first = Bits.max(start, va);
        if (!PageTableReader.inChild(format, level, child, first)) {
            return;
        }
        long reach =
                va + Bits.low(Math.min(format.indexShift(level), format.indexShift(child) + format.indexBits(child)));
        entries[depth] = entry;
        depth++;
        enter(child, table, va);
        walk(child, table, first, Bits.min(last, reach));
        depth--;
    }

    private int inEffect(int attributes) {
        int result = attributes;
        for (int i = depth - 1; i >= 0; i--) {
            result = format.restrict(levels[i], entries[i], result);
        }
        return result;
    }

    private boolean isAbove(long table) {
        for (int i = 0; i <= depth; i++) {
            if (tables[i] == table) {
                return true;
            }
        }
        return false;
    }
}
