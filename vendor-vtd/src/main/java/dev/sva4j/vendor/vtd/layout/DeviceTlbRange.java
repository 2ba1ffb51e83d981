package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.SizedAddress;

/**
 * The block of a device-TLB invalidation and of an ATS completion (VT-d 6.5.2; PCIe ATS): its size is in the low bits
 * of its address.
 *
 * <p>S = 0 is one page; with S = 1 it is a {@link SizedAddress}. Where S is, differs between descriptors.
 */
public final class DeviceTlbRange {

    private static final int LOG2_PAGE = 12;

    private DeviceTlbRange() {}

    /** The address bits, 63:12, of the block of {@code 2^order} pages around {@code address}. */
    public static long address(long address, int order) {
        if (order == 0) {
            return AddressBlock.base(address, 0);
        }
        return SizedAddress.encode(address, Math.min(order, AddressBlock.ORDER_ALL) + LOG2_PAGE);
    }

    /** S of a block of {@code 2^order} pages. */
    public static boolean s(int order) {
        return order > 0;
    }

    /** The order that address bits and S mean. Bits 62:12 all 1 are the whole address space, whatever bit 63 is. */
    public static int order(long address, boolean s) {
        return s ? SizedAddress.log2Size(address) - LOG2_PAGE : 0;
    }

    /** Whether the block that address bits and S mean holds {@code candidate}. */
    public static boolean contains(long address, boolean s, long candidate) {
        return AddressBlock.contains(address, order(address, s), candidate);
    }
}
