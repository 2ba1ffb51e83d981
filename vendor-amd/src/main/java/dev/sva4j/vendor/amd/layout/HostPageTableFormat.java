package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.A;
import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.ADDRESS;
import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.D;
import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.FC;
import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.IR;
import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.IW;
import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.NEXT_LEVEL;
import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.PR;

import dev.sva4j.spi.pagetable.Attributes;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Rights;

/**
 * Host (v1) page tables for the page-table engine (AMD-Vi 2.2.3).
 *
 * <p>Levels here are the manual's less one: level 0 holds 4 KiB pages. Entries that skip levels and pages whose size is
 * in their address are read; what is written goes down level by level in pages of default sizes. Reading is a right of
 * its own, and nothing tells users from supervisors: every request has {@link Rights#USER}, none may execute.
 *
 * @param levels 1 to 6 (DTE.Mode)
 * @param largestLeaf the highest level that may have leaves, 0 to 4. Linux writes none of 512 GiB or more, levels 3 and
 *     4, because of a defect of hardware
 * @param had which flags hardware keeps, DTE.HAD; otherwise they are for software
 * @param forceCoherent whether leaves that are written have FC, as those of Linux and Xen do
 */
public record HostPageTableFormat(int levels, int largestLeaf, int had, boolean forceCoherent)
        implements PageTableFormat {

    private static final int OA_BITS = 52;
    private static final int ROOT_SHIFT = 12;
    private static final int SUPPORTED =
            Rights.READ | Rights.WRITE | Rights.USER | Attributes.ACCESSED | Attributes.DIRTY;

    /** Checks the parameters. */
    public HostPageTableFormat {
        if (levels < 1 || levels > DeviceTableEntry.MODE_MAX) {
            throw new IllegalArgumentException("host page tables have 1 to 6 levels, not " + levels);
        }
        if (largestLeaf < 0 || largestLeaf >= HostPageTable.LARGEST_LEAF_LEVEL) {
            throw new IllegalArgumentException("leaves of host page tables are at levels 0 to 4, not " + largestLeaf);
        }
        if (had < DeviceTableEntry.HAD_NONE
                || had > DeviceTableEntry.HAD_ACCESSED_DIRTY
                || had == DeviceTableEntry.HAD_RESERVED) {
            throw new IllegalArgumentException("HAD " + had + " is reserved");
        }
    }

    /** A format that reads everything the manual knows. */
    public static HostPageTableFormat reading(int levels, int had) {
        return new HostPageTableFormat(levels, HostPageTable.LARGEST_LEAF_LEVEL - 1, had, false);
    }

    @Override
    public String name() {
        return "AMD-Vi host " + levels + "-level";
    }

    @Override
    public int indexShift(int level) {
        return HostPageTable.log2EntrySize(level + 1);
    }

    @Override
    public int indexBits(int level) {
        return HostPageTable.log2TableSize(level + 1) - indexShift(level);
    }

    /** A page, of which the top table of six levels uses a quarter. */
    @Override
    public int tableShift(int level) {
        return ROOT_SHIFT;
    }

    @Override
    public int vaBits() {
        return HostPageTable.log2TableSize(levels);
    }

    @Override
    public boolean signExtended() {
        return false;
    }

    @Override
    public int oaBits() {
        return OA_BITS;
    }

    @Override
    public boolean canBeLeaf(int level) {
        return level <= largestLeaf;
    }

    @Override
    public boolean isPresent(int level, long entry) {
        if (!PR.isSet(entry) || HostPageTableEntry.of(entry).hasReservedBitsSet(entry)) {
            return false;
        }
        return isLeaf(level, entry)
                ? canBeLeaf(level) && HostPageTableEntry.hasLegalSize(level + 1, entry)
                : childLevel(level, entry) < level;
    }

    @Override
    public boolean isLeaf(int level, long entry) {
        return HostPageTableEntry.isLeaf(entry);
    }

    @Override
    public long tableEntry(int level, long table) {
        // The manual's level of the table below is the engine's level of the entry.
        return HostPageTableEntry.table(level, table);
    }

    @Override
    public long tableAddress(int level, long entry) {
        return ADDRESS.getAddress(entry);
    }

    @Override
    public int childLevel(int level, long entry) {
        return (int) NEXT_LEVEL.get(entry) - 1;
    }

    @Override
    public int restrict(int level, long tableEntry, int attributes) {
        int taken = (IR.isSet(tableEntry) ? 0 : Rights.READ) | (IW.isSet(tableEntry) ? 0 : Rights.WRITE);
        return attributes & ~taken;
    }

    @Override
    public long leafEntry(int level, long oa, int attributes) {
        if (!canBeLeaf(level)) {
            throw new IllegalArgumentException(name() + " has no leaves at level " + level);
        }
        long leaf = HostPageTableEntry.leaf(level + 1, oa, indexShift(level));
        return withAttributes(level, FC.put(leaf, forceCoherent), attributes);
    }

    @Override
    public long leafAddress(int level, long entry) {
        return HostPageTableEntry.pageAddress(level + 1, entry);
    }

    @Override
    public int leafShift(int level, long entry) {
        return HostPageTableEntry.log2Size(level + 1, entry);
    }

    /** A flag that hardware does not keep is set whatever is asked for, D only if the page may be written. */
    @Override
    public int leafAttributes(int level, long entry) {
        int rights = Rights.USER | (IR.isSet(entry) ? Rights.READ : 0) | (IW.isSet(entry) ? Rights.WRITE : 0);
        boolean accessed = !keepsAccessed() || A.isSet(entry);
        boolean dirty = keepsDirty() ? D.isSet(entry) : IW.isSet(entry);
        return rights | (accessed ? Attributes.ACCESSED : 0) | (dirty ? Attributes.DIRTY : 0);
    }

    @Override
    public long withAttributes(int level, long entry, int attributes) {
        Attributes.check(this, attributes, SUPPORTED, Rights.USER);
        long word = IR.put(entry, (attributes & Rights.READ) != 0);
        word = IW.put(word, (attributes & Rights.WRITE) != 0);
        if (keepsAccessed()) {
            word = A.put(word, (attributes & Attributes.ACCESSED) != 0);
        }
        if (keepsDirty()) {
            word = D.put(word, (attributes & Attributes.DIRTY) != 0);
        }
        return word;
    }

    private boolean keepsAccessed() {
        return had != DeviceTableEntry.HAD_NONE;
    }

    private boolean keepsDirty() {
        return had == DeviceTableEntry.HAD_ACCESSED_DIRTY;
    }
}
