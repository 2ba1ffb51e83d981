package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.SizedAddress;

/**
 * The addresses of a command (AMD-Vi 2.4): S and Address of INVALIDATE_IOMMU_PAGES, INVALIDATE_IOTLB_PAGES and
 * PREFETCH_IOMMU_PAGES. S = 0 is 4 KiB; with S = 1 the size is in the address, see {@link SizedAddress}.
 *
 * <p>Up from 2<sup>52</sup> bytes a range is the whole address space. All address bits 1 has no meaning (VirtualBox);
 * here it is the whole address space, too, as dropping more than asked is always allowed.
 */
public final class InvalidationRange {

    static final BitField S = BitField.bit("range", "S", 1, 0, "more than a page");
    static final BitField ADDRESS = BitField.address("range", "Address", 1, 63, 12, "address and size");

    /** S and Address of all addresses. */
    public static final long ALL = 0x7FFF_FFFF_FFFF_F001L;

    /** log2 of the size of the whole address space. */
    public static final int LOG2_ALL = SizedAddress.LOG2_ALL;

    private static final int LOG2_PAGE = 12;
    private static final int LOG2_LARGEST_PART = 51;
    private static final int LOG2_LARGEST_ENCODED = 52;

    private InvalidationRange() {}

    /**
     * S and Address of the smallest range that has both bytes, which may be far larger than what is between them
     * (Linux {@code build_inv_address}).
     */
    public static long word1(long first, long last) {
        int log2Size = Long.SIZE - Long.numberOfLeadingZeros(first ^ last);
        if (log2Size <= LOG2_PAGE) {
            return ADDRESS.getAddress(first);
        }
        if (log2Size > LOG2_LARGEST_ENCODED) {
            return ALL;
        }
        return ADDRESS.encodeAddress(SizedAddress.encode(first, log2Size)) | S.encode(true);
    }

    /** log2 of the size of the range in a second word: 12 for a page, 13 to 51, 64 for all addresses. */
    public static int log2Size(long word1) {
        if (!S.isSet(word1)) {
            return LOG2_PAGE;
        }
        int log2Size = SizedAddress.log2Size(ADDRESS.getAddress(word1));
        return log2Size > LOG2_LARGEST_PART ? LOG2_ALL : log2Size;
    }

    /** Where the range in a second word starts. */
    public static long base(long word1) {
        return SizedAddress.base(ADDRESS.getAddress(word1), log2Size(word1));
    }

    /** Whether the range in a second word has an address. */
    public static boolean contains(long word1, long address) {
        return SizedAddress.base(address, log2Size(word1)) == base(word1);
    }

    /**
     * Whether the range in a second word has any address of the block of {@code 2^log2Block} bytes around an address.
     */
    public static boolean overlaps(long word1, long address, int log2Block) {
        int larger = Math.max(log2Size(word1), log2Block);
        return SizedAddress.base(address, larger) == SizedAddress.base(ADDRESS.getAddress(word1), larger);
    }
}
