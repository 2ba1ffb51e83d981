package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.X86_64;
import dev.sva4j.vendor.amd.layout.DeviceTableEntry;
import dev.sva4j.vendor.amd.layout.Gcr3TableEntry;
import dev.sva4j.vendor.amd.layout.HostPageTableFormat;

/** Which page tables device table entries and GCR3 tables can describe. */
final class Formats {
    private static final int FOUR_LEVELS = 4;

    /** Pages of at most 1 GiB: those of 512 GiB are no good because of a defect of hardware, says Linux. */
    private static final int LARGEST_LEAF = 2;

    private Formats() {}

    /**
     * The first reason why this IOMMU cannot walk tables of this format, or an empty text.
     *
     * <p>Guest tables have four levels: DTE.GPM holds for all PASIDs of a device, so all of one IOMMU have the same.
     */
    static String obstacle(PageTableFormat format, Features features) {
        if (features.translatesGuests()) {
            if (!(format instanceof X86_64 tables)) {
                return format.name() + " is not x86-64, as guest page tables are";
            }
            return tables.levels() == FOUR_LEVELS ? "" : "DTE.GPM is 0: no " + tables.levels() + "-level tables";
        } else if (!(format instanceof HostPageTableFormat tables)) {
            return "EFR.GTSup and GIoSup are not both 1: no guest translation, and " + format.name()
                    + " is no host page table";
        } else if (tables.levels() > features.hostLevels()) {
            return "EFR.HATS allows " + features.hostLevels() + " levels: no " + format.name();
        } else if (!features.keepsHostFlags(
                tables.had() != DeviceTableEntry.HAD_NONE, tables.had() == DeviceTableEntry.HAD_ACCESSED_DIRTY)) {
            return "EFR.HASup and HDSup do not allow DTE.HAD = " + tables.had();
        }
        return "";
    }

    /** For domains: the guest format if there is one, since both on one device would be nested; else the host's. */
    static PageTableFormat forDomains(Features features) {
        return features.translatesGuests()
                ? X86_64.FOUR_LEVELS
                : new HostPageTableFormat(FOUR_LEVELS, LARGEST_LEAF, DeviceTableEntry.HAD_NONE, true);
    }

    /** Whether an entry can hold the address of a top table. The field is the same in a DTE. */
    static boolean isRoot(long root) {
        return Gcr3TableEntry.ADDRESS.getAddress(root) == root;
    }
}
