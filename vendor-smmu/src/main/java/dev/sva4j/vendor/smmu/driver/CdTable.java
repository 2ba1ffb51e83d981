package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.driver.LeafTables;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.vendor.smmu.layout.ContextDescriptorTable;
import dev.sva4j.vendor.smmu.layout.L1ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;

/**
 * The context descriptors of one device (IHI 0070 §5.3, §5.4): a single CD, a linear table, or two levels whose leaf
 * tables stay until the device is detached. Thread-safe.
 */
final class CdTable {
    /** Up to 2^6 CDs a linear table is one frame. */
    private static final int LARGEST_LINEAR = 6;

    /**
     * Up to 2^15 CDs the first level is one frame with leaf tables of 4 KiB; beyond, leaf tables of 64 KiB keep it
     * small.
     */
    private static final int LARGEST_WITH_SMALL_LEAVES = 15;

    private final TableMemory memory;
    private final int log2Count;
    private final int format;
    private final long root;
    private final LeafTables leaves;

    /**
     * Allocates the table, or its first level, with every CD invalid.
     *
     * <p>A function with an ATC gets two CDs at least, though it may have no PASIDs: only S1DSS lets untagged traffic pass
     * untranslated and still answers its translation requests. EATS is ignored in a stream that bypasses translation
     * (IHI 0070 §5.2).
     *
     * @param attachment what the device can emit
     * @throws dev.sva4j.api.SvaException NO_MEMORY
     */
    CdTable(TableMemory memory, Features features, DeviceAttachment attachment) {
        this.memory = memory;
        this.log2Count = Math.min(
                attachment.ats() ? Math.max(attachment.pasidBits(), 1) : attachment.pasidBits(),
                features.substreamBits());
        this.format = chooseFormat(log2Count, features.hasTwoLevelCdTables());
        this.root = memory.allocate(ContextDescriptorTable.rootBytes(log2Count, format), "context descriptors");
        this.leaves = new LeafTables(isTwoLevel() ? l1Index((1 << log2Count) - 1) + 1 : 0);
    }

    private static int chooseFormat(int log2Count, boolean twoLevel) {
        if (!twoLevel || log2Count <= LARGEST_LINEAR) {
            return StreamTableEntry.S1FMT_LINEAR;
        }
        return log2Count <= LARGEST_WITH_SMALL_LEAVES ? StreamTableEntry.S1FMT_4KB_L2 : StreamTableEntry.S1FMT_64KB_L2;
    }

    private boolean isTwoLevel() {
        return ContextDescriptorTable.isTwoLevel(log2Count, format);
    }

    private int l1Index(int ssid) {
        return (int) ContextDescriptorTable.l1Index(ssid, format);
    }

    /** STE.S1CDMax. */
    int log2Count() {
        return log2Count;
    }

    /** STE.S1Fmt. */
    int format() {
        return format;
    }

    /** STE.S1ContextPtr. */
    long root() {
        return root;
    }

    /** Whether there are CDs for PASIDs, beside the one for untagged traffic. */
    boolean hasSubstreams() {
        return log2Count > 0;
    }

    boolean contains(int ssid) {
        return ContextDescriptorTable.contains(ssid, log2Count);
    }

    /**
     * Finds a CD, after allocating its leaf table if it has none.
     *
     * @throws dev.sva4j.api.SvaException NO_MEMORY; nothing has changed
     */
    LeafTables.Slot slot(int ssid) {
        long first = ContextDescriptorTable.firstAddress(root, ssid, log2Count, format);
        return isTwoLevel()
                ? leaves.slot(
                        l1Index(ssid), () -> hookInLeaf(first), ContextDescriptorTable.leafAddress(0, ssid, format))
                : LeafTables.Slot.ofLinear(first);
    }

    private long hookInLeaf(long l1Address) {
        long leaf = memory.allocate(ContextDescriptorTable.leafBytes(format), "context descriptors");
        memory.store(l1Address, L1ContextDescriptor.encode(leaf));
        return leaf;
    }

    /** Returns all memory. No STE refers to the table and no cache holds any of it. */
    void free() {
        leaves.free(memory);
        memory.free(root);
    }
}
