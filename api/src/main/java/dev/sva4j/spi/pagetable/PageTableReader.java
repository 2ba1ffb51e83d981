package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Reads page tables, one's own or somebody else's: a memory image, a guest, a table under test. It trusts nothing it
 * reads.
 *
 * <p>Thread-safe, takes no lock. Beside a writer it sees each entry as it was or as it is. A reader that is inside a
 * table when that is unlinked goes on reading there, like hardware: whoever frees tables waits for readers, too.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class PageTableReader {
    private final PageTableFormat format;
    private final PhysicalMemory memory;
    private final long root;

    /**
     * A reader.
     *
     * @param root physical address of the top table; bits that the manual ignores there are already off
     * @throws IllegalArgumentException if the address is not aligned as the format demands
     */
    public PageTableReader(PageTableFormat format, PhysicalMemory memory, long root) {
        int alignment = format.tableShift(format.topLevel());
        if (!Bits.isAligned(root, alignment)) {
            throw new IllegalArgumentException(String.format(
                    "%s: the top table at 0x%x must be aligned to 0x%x", format.name(), root, 1L << alignment));
        }
        this.format = format;
        this.memory = memory;
        this.root = root;
    }

    /** The format that the tables are read as. */
    public PageTableFormat format() {
        return format;
    }

    /** Physical address of the top table. */
    public long root() {
        return root;
    }

    /**
     * Finds the leaf that translates an address. No accessed bit is set and no right checked.
     *
     * @return the leaf; or null if nothing is mapped there or the address is not a legal one
     * @throws MemoryAbortException if a table on the way is not in memory
     * @throws MalformedPageTableException if an entry does not lead downwards
     */
    public @Nullable Mapping lookup(long va) {
        return format.isLegal(va) ? lookup(format.topLevel(), root, va) : null;
    }

    private @Nullable Mapping lookup(int level, long table, long va) {
        long entryAddress = table + 8L * format.index(level, va);
        long entry = memory.loadAcquire(entryAddress);
        if (!format.isPresent(level, entry)) {
            return null;
        }
        if (format.isLeaf(level, entry)) {
            return leaf(format, level, va, entryAddress, entry, format.leafAttributes(level, entry));
        }
        int child = format.childLevel(level, entry);
        if (child < 0 || child >= level) {
            throw new MalformedPageTableException(
                    format.tableAddress(level, entry),
                    String.format("entry 0x%x at 0x%x, level %d, does not lead downwards", entry, entryAddress, level));
        }
        if (!inChild(format, level, child, va)) {
            return null;
        }
        Mapping below = lookup(child, format.tableAddress(level, entry), va);
        return below == null ? null : below.withAttributes(format.restrict(level, entry, below.attributes()));
    }

    /** The share that one entry has of a leaf. */
    static Mapping leaf(PageTableFormat format, int level, long va, long entryAddress, long entry, int attributes) {
        int shift = format.indexShift(level);
        long first = va & ~Bits.low(shift);
        long oa = format.leafAddress(level, entry) | (first & Bits.low(format.leafShift(level, entry)));
        return new Mapping(first, oa, shift, level, attributes, entryAddress, entry);
    }

    /** Whether the address bits of levels that were skipped between an entry and its table are zero. */
    static boolean inChild(PageTableFormat format, int level, int child, long va) {
        long covered = Bits.low(format.indexShift(child) + format.indexBits(child));
        return (va & Bits.low(format.indexShift(level)) & ~covered) == 0;
    }

    /**
     * Visits the leaves of a range in ascending (unsigned) order; a leaf that the range cuts is visited as a whole.
     * Addresses that are not legal are passed over, so {@code visit(0, -1, …)} is the whole table with both halves.
     *
     * <p>Bounded whatever the memory holds: a table that leads back to itself is reported, and a walk ends after as
     * many tables as all memory could hold for each of the levels.
     *
     * @param start first address
     * @param last last address, unsigned not below {@code start}
     * @throws IllegalArgumentException if {@code last} is below {@code start}
     * @throws MalformedPageTableException if there are more tables than can be, or as {@link PageTableVisitor#loop}
     *     decides
     */
    public void visit(long start, long last, PageTableVisitor visitor) {
        visit(start, last, mostTables(), visitor);
    }

    /**
     * As {@link #visit(long, long, PageTableVisitor)}, with a bound of one's own.
     *
     * @param maxTables how many tables may be entered, counted anew each time that one is
     */
    public void visit(long start, long last, long maxTables, PageTableVisitor visitor) {
        if (Long.compareUnsigned(last, start) < 0) {
            throw new IllegalArgumentException(String.format("range 0x%x … 0x%x ends before it starts", start, last));
        }
        TableWalk walk = new TableWalk(format, memory, maxTables, visitor);
        int top = format.topLevel();
        walk.enter(top, root, 0);
        long lowLast = format.lowLast();
        if (Long.compareUnsigned(start, lowLast) <= 0) {
            walk.walk(top, root, start, Bits.min(last, lowLast));
        }
        long highFirst = ~lowLast;
        if (format.signExtended() && Long.compareUnsigned(last, highFirst) >= 0) {
            walk.walk(top, root, Bits.max(start, highFirst), last);
        }
    }

    /** The top table is entered once, and all others have the size of those at level 0. */
    private long mostTables() {
        long tables = 1;
        for (MemoryRange range : memory.ranges()) {
            tables += (range.length() >>> format.tableShift(0)) + 1;
        }
        return tables * format.levels();
    }
}
