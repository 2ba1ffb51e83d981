package dev.sva4j.vendor.amd.layout;

/**
 * Which addresses guest page tables translate (AMD-Vi 2.2.6; Linux {@code amd/iommu.c} on v2 domains). Those of a
 * process are sign-extended. Those of PASID 0, that is of requests without PASID under GIoV, are not: all translated
 * bits are an unsigned number.
 */
public final class GuestAddress {

    private static final int LOG2_PAGE = 12;
    private static final int LOG2_ENTRIES = 9;

    private GuestAddress() {}

    /** Whether a page table of {@code levels} levels, 4 or 5, can translate the address for the PASID. */
    public static boolean isLegal(long address, int levels, int pasid) {
        int bits = LOG2_PAGE + LOG2_ENTRIES * levels;
        if (pasid == 0) {
            return address >>> bits == 0;
        }
        long extension = address >> (bits - 1);
        return extension == 0 || extension == -1;
    }
}
