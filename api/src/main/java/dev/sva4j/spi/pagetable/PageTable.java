package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The software side of a page table that it owns: installs, changes and removes leaves while hardware walks the same
 * table.
 *
 * <p><b>Threads.</b> Nothing here locks. The caller serialises all writers of one table: {@link BlockSplit#finish()}
 * and every method but {@link #lookup}, {@link #visit} and {@link #reader()}. Hardware may walk and mark at any time.
 * So each entry is written by one 64-bit store with release order, and a live leaf is only ever replaced by
 * compare-and-set, so that an accessed or dirty bit which hardware sets meanwhile is kept, or reported with the old
 * entry. Stores are followed by {@link PhysicalMemory#writeBack}, a table's contents before the pointer to it, for
 * walkers that do not snoop.
 *
 * <p><b>Invalidation is the caller's</b>, and its order is part of every method's contract:
 * <ul>
 *   <li>Filling what was unmapped needs none, unless the hardware says that it caches absent entries (VT-d CAP.CM).
 *   <li>After {@link #unmap}, {@link #protect} and {@link #clear}: the range, before the memory is reused or the lost
 *       right relied on. If {@link #unmap} handed out tables, upper-level entries as well, before their frames are
 *       reused (I16).
 *   <li>A <em>valid</em> leaf never gets another output address or size in one step. Hardware that has both in its TLBs
 *       may do anything (Arm DDI 0487 D8.17 "break-before-make"; Intel SDM volume 3, 4.10.4). To exchange a page
 *       (copy-on-write, migration): {@link #breakRange}, invalidate, {@link #map}. To replace pages by a block:
 *       {@link #unmap}, invalidate, map. To cut a block: {@link #split}, invalidate, {@link BlockSplit#finish}, and
 *       then what the cut was for.
 * </ul>
 *
 * <p><b>Failure.</b> A call that returns false or null for want of frames, or throws, has changed nothing and kept no
 * frame. Wrong arguments (alignment, an address that is not legal, attributes unknown to the format) are an
 * {@link IllegalArgumentException}. What contradicts the table's state (mapping twice, a range that cuts a block, use
 * after {@link #destroy}) is an {@link IllegalStateException}. Holes in a range are passed over.
 *
 * <p>Ranges are {@code start … last}, inclusive, whole pages, within one half of the address space.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class PageTable {
    /** No cap: every leaf size that the format has. */
    private static final int ANY_SHIFT = 64;

    private static final int MARKS = Attributes.ACCESSED | Attributes.DIRTY;

    private final PageTableFormat format;
    private final PhysicalMemory memory;
    private final FrameAllocator frames;
    private final PageTableReader reader;
    private final TableEditor editor;

    // Touched by writers only, which the caller serialises.
    private final List<BlockSplit> openSplits = new ArrayList<>();
    private boolean destroyed;

    private PageTable(PageTableFormat format, PhysicalMemory memory, FrameAllocator frames, long root) {
        this.format = format;
        this.memory = memory;
        this.frames = frames;
        this.reader = new PageTableReader(format, memory, root);
        this.editor = new TableEditor(format, memory);
    }

    /**
     * Creates an empty table: one zeroed top table.
     *
     * @return the table, or null if there is no frame for it
     */
    public static @Nullable PageTable create(PageTableFormat format, PhysicalMemory memory, FrameAllocator frames) {
        long root = frames.allocate(log2Allocation(format, format.topLevel()));
        if (root == FrameAllocator.NO_FRAME) {
            return null;
        }
        memory.writeBack(root, 1L << format.tableShift(format.topLevel()));
        return new PageTable(format, memory, frames, root);
    }

    /** log2 of what is allocated for a table: it may be smaller than a frame. */
    static int log2Allocation(PageTableFormat format, int level) {
        return Math.max(FrameAllocator.FRAME_SHIFT, format.tableShift(level));
    }

    /** The format of the entries. */
    public PageTableFormat format() {
        return format;
    }

    /** Physical address of the top table. */
    public long root() {
        return reader.root();
    }

    /** A reader of this table, for any thread. */
    public PageTableReader reader() {
        return reader;
    }

    /** As {@link PageTableReader#lookup}. Any thread. */
    public @Nullable Mapping lookup(long va) {
        return reader.lookup(va);
    }

    /** As {@link PageTableReader#visit(long, long, PageTableVisitor)}. Any thread. */
    public void visit(long start, long last, PageTableVisitor visitor) {
        reader.visit(start, last, visitor);
    }

    /** {@link #map(long, long, long, int, int)} with leaves as large as fit. */
    public boolean map(long va, long oa, long size, int attributes) {
        return map(va, oa, size, attributes, ANY_SHIFT);
    }

    /**
     * Maps {@code size} bytes that are not mapped, with the largest leaves that fit: alignment of both addresses, size,
     * the cap, and no table in that place yet, not even an empty one.
     *
     * @param va first address
     * @param oa output address of the first byte
     * @param size bytes, a multiple of the page size, at least one page
     * @param attributes {@link Attributes} bits, for example {@link Attributes#installed}
     * @param maxShift log2 of the largest leaf allowed; {@code format().pageShift()} for pages only
     * @return false if there are not enough frames for tables
     * @throws IllegalStateException if any part is mapped
     */
    public boolean map(long va, long oa, long size, int attributes, int maxShift) {
        long last = va + size - 1;
        checkRange(va, last);
        if (maxShift < format.pageShift()) {
            throw new IllegalArgumentException(
                    "leaves are at least 2^" + format.pageShift() + " bytes, not 2^" + maxShift);
        }
        // The end of the range first: if it is in reach of the format, all in between is.
        checkOutput(oa, oa + size - 1, attributes);
        LeafInstaller installer = new LeafInstaller(format, memory, oa - va, attributes, maxShift);
        int top = format.topLevel();
        FramePool pool =
                FramePool.reserve(frames, log2Allocation(format, 0), installer.missingTables(top, root(), va, last));
        if (pool == null) {
            return false;
        }
        installer.install(top, root(), va, last, pool);
        return true;
    }

    private void checkOutput(long oa, long last, int attributes) {
        if (Long.compareUnsigned(last, oa) < 0) {
            throw new IllegalArgumentException(String.format("output addresses wrap around after 0x%x", oa));
        }
        // Making an entry for the first and the last page asks the format about attributes, alignment and reach.
        format.leafEntry(0, oa, attributes);
        format.leafEntry(0, last & ~Bits.low(format.pageShift()), attributes);
    }

    /**
     * Removes every leaf of a range, and every table that is empty then. Never needs a frame.
     *
     * @param leaves is told of each leaf, with the accessed and dirty bits it had in the end
     * @param tables takes the tables; no frame is freed here
     * @throws IllegalStateException if the range cuts a block: {@link #split} comes first
     */
    public void unmap(long start, long last, LeafListener leaves, TableReclaimer tables) {
        checkCut(start, last);
        editor.edit(format.topLevel(), root(), start, last, TableEditor.Change.REMOVE, leaves, tables);
    }

    /**
     * Removes every leaf of a range but keeps the tables, so that a {@link #map} of the same range with the same leaf
     * sizes needs no frame: the first step of exchanging pages.
     *
     * @param leaves is told of each leaf, with the accessed and dirty bits it had in the end
     * @throws IllegalStateException if the range cuts a block: {@link #split} comes first
     */
    public void breakRange(long start, long last, LeafListener leaves) {
        checkCut(start, last);
        editor.edit(format.topLevel(), root(), start, last, TableEditor.Change.REMOVE, leaves, null);
    }

    /**
     * Gives every leaf of a range these rights. Everything else stays, accessed and dirty state too.
     *
     * @param rights {@link Rights} bits
     * @param leaves is told of each leaf that became another, with its old entry
     * @throws IllegalStateException if the range cuts a block: {@link #split} comes first
     */
    public void protect(long start, long last, int rights, LeafListener leaves) {
        if ((rights & ~Rights.ALL) != 0) {
            throw new IllegalArgumentException("only rights can be changed, not " + Attributes.toString(rights));
        }
        format.leafEntry(0, 0, rights);
        rewrite(start, last, Rights.ALL, rights, leaves);
    }

    /**
     * Sets accessed and dirty state as an access by the CPU does.
     *
     * @param marks {@link Attributes#ACCESSED}, {@link Attributes#DIRTY} or both
     * @param leaves is told of each leaf that became another, with its old entry
     * @throws IllegalStateException if the range cuts a block
     */
    public void mark(long start, long last, int marks, LeafListener leaves) {
        checkMarks(marks);
        rewrite(start, last, marks, marks, leaves);
    }

    /**
     * Clears accessed or dirty state: ageing, write-back. Without an invalidation hardware need not set it again.
     * Leaves keep their dirty state in formats where writable implies dirty.
     *
     * @param marks {@link Attributes#ACCESSED}, {@link Attributes#DIRTY} or both
     * @param leaves is told of each leaf that became another, with its old entry
     * @throws IllegalStateException if the range cuts a block
     */
    public void clear(long start, long last, int marks, LeafListener leaves) {
        checkMarks(marks);
        rewrite(start, last, marks, 0, leaves);
    }

    private static void checkMarks(int marks) {
        if ((marks & ~MARKS) != 0) {
            throw new IllegalArgumentException("only accessed and dirty are marks, not " + Attributes.toString(marks));
        }
    }

    private void rewrite(long start, long last, int mask, int value, LeafListener leaves) {
        checkCut(start, last);
        TableEditor.Change change = (level, entry) -> {
            int attributes = (format.leafAttributes(level, entry) & ~mask) | value;
            return format.withAttributes(level, entry, attributes);
        };
        editor.edit(format.topLevel(), root(), start, last, change, leaves, null);
    }

    /**
     * Prepares a range for changes: afterwards no block reaches over its ends. There are two steps, because hardware
     * may never find the block and its pages at the same time.
     *
     * <p>This one reserves and fills the new tables, and takes each block that is cut (two at most) out. From then on
     * nothing is mapped in the <em>whole</em> of such a block, also outside of the range; device accesses to it fault.
     * The caller invalidates what {@code leaves} was told and calls {@link BlockSplit#finish()}; until then every
     * operation that touches the blocks throws {@link IllegalStateException}. A caller that handles faults keeps them
     * from mapping there meanwhile.
     *
     * @param leaves is told of each block
     * @return the second step, {@linkplain BlockSplit#isEmpty() empty} if no block is cut; null if there are not enough
     *     frames
     */
    public @Nullable BlockSplit split(long start, long last, LeafListener leaves) {
        checkRange(start, last);
        BlockSplitter splitter = new BlockSplitter(format, memory, start, last);
        List<Mapping> blocks = cutBlocks(splitter, start, last);
        long needed = 0;
        for (Mapping block : blocks) {
            needed += splitter.tables(block.level(), block.va());
        }
        FramePool pool = FramePool.reserve(frames, log2Allocation(format, 0), needed);
        if (pool == null) {
            return null;
        }
        BlockSplit split = new BlockSplit(this, memory);
        for (Mapping block : blocks) {
            // Only once the block is out is it certain whether it was dirty; so the tables are filled after that.
            editor.edit(
                    format.topLevel(),
                    root(),
                    block.va(),
                    block.last(),
                    TableEditor.Change.REMOVE,
                    (va, level, old) -> {
                        leaves.changed(va, level, old);
                        long oa = format.leafAddress(level, old);
                        split.add(block, splitter.build(level, va, oa, format.leafAttributes(level, old), pool));
                    },
                    null);
        }
        if (!split.isEmpty()) {
            openSplits.add(split);
        }
        return split;
    }

    void finished(BlockSplit split) {
        openSplits.remove(split);
    }

    private List<Mapping> cutBlocks(BlockSplitter splitter, long start, long last) {
        List<Mapping> blocks = new ArrayList<>(2);
        Mapping first = reader.lookup(start);
        if (first != null && splitter.cuts(first.va(), first.last())) {
            blocks.add(first);
        }
        Mapping end = reader.lookup(last);
        if (end != null && (first == null || end.va() != first.va()) && splitter.cuts(end.va(), end.last())) {
            blocks.add(end);
        }
        return blocks;
    }

    /**
     * Gives every table away, the top one last. No hardware walks them any more, or they are not reused until none
     * does. Leaves that are still there are not reported. The object is of no use afterwards.
     *
     * @throws IllegalStateException if it was destroyed before, or a split is not finished
     */
    public void destroy(TableReclaimer tables) {
        checkAlive();
        if (!openSplits.isEmpty()) {
            throw new IllegalStateException("a split of this page table is not finished");
        }
        destroyed = true;
        editor.surrender(format.topLevel(), root(), tables);
    }

    private void checkCut(long start, long last) {
        checkRange(start, last);
        List<Mapping> cut = cutBlocks(new BlockSplitter(format, memory, start, last), start, last);
        if (!cut.isEmpty()) {
            Mapping block = cut.get(0);
            throw new IllegalStateException(String.format(
                    "0x%x … 0x%x cuts the block 0x%x … 0x%x; split it first", start, last, block.va(), block.last()));
        }
    }

    private void checkRange(long start, long last) {
        checkAlive();
        int shift = format.pageShift();
        if (!Bits.isAligned(start, shift) || !Bits.isAligned(last + 1, shift)) {
            throw new IllegalArgumentException(
                    String.format("0x%x … 0x%x is not made of whole pages of 2^%d bytes", start, last, shift));
        }
        long half = ~format.lowLast();
        if (Long.compareUnsigned(last, start) < 0
                || !format.isLegal(start)
                || !format.isLegal(last)
                || (start & half) != (last & half)) {
            throw new IllegalArgumentException(String.format(
                    "0x%x … 0x%x is not a range of addresses that %s translates", start, last, format.name()));
        }
        for (BlockSplit split : openSplits) {
            if (split.covers(start, last)) {
                throw new IllegalStateException(
                        String.format("0x%x … 0x%x is being split; finish that first", start, last));
            }
        }
    }

    private void checkAlive() {
        if (destroyed) {
            throw new IllegalStateException("this page table was destroyed");
        }
    }
}
