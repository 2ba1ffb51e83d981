package dev.sva4j.conformance;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.pagetable.PageTableFormat;

/**
 * Changes leaves of a process behind everybody's back, so that a rule can ask for an invalidation which no mapping call would make.
 */
final class PageTableEditor {
    private final PhysicalMemory memory;
    private final PageTableFormat format;
    private final long root;

    PageTableEditor(PhysicalMemory memory, PageTableFormat format, long root) {
        this.memory = memory;
        this.format = format;
        this.root = root;
    }

    /** The leaf that maps {@code address}. */
    long leaf(long address) {
        return memory.loadAcquire(leafAddress(address));
    }

    /** Puts a leaf back as it was. */
    void restore(long address, long leaf) {
        long at = leafAddress(address);
        memory.storeRelease(at, leaf);
        memory.writeBack(at, Long.BYTES);
    }

    /** Lets {@code address} lead to another frame, with the same rights. */
    void redirect(long address, long frame) {
        restore(address, format.leafEntry(0, frame, format.leafAttributes(0, leaf(address))));
    }

    private long leafAddress(long address) {
        int level = format.topLevel();
        long table = root;
        while (level > 0) {
            long entry = memory.loadAcquire(slot(table, level, address));
            if (!format.isPresent(level, entry) || format.isLeaf(level, entry)) {
                throw new AssertionError(
                        String.format("no page of its own at 0x%x, entry 0x%x of level %d", address, entry, level));
            }
            table = format.tableAddress(level, entry);
            level = format.childLevel(level, entry);
        }
        return slot(table, 0, address);
    }

    private long slot(long table, int level, long address) {
        return table + (long) format.index(level, address) * Long.BYTES;
    }
}
