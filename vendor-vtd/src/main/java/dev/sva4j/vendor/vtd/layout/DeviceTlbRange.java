package dev.sva4j.vendor.vtd.layout;

/**
 * The block of a device-TLB invalidation and of an ATS completion (VT-d 6.5.2; PCIe ATS): its size is in the low bits of its
 * address.
 *
 * <p>S = 0 is one page. With S = 1 the lowest 0 at bit {@code b}, 12 or above, makes it {@code 2^(b+1)} bytes, so the bits
 * below it are 1 whatever the address is. Where S is, differs between descriptors.
 */
public final class DeviceTlbRange {

    private static final int LOG2_PAGE = 12;

    private DeviceTlbRange() {}

    /** The address bits, 63:12, of the block of {@code 2^order} pages around {@code address}. */
    public static long address(long address, int order) {
        if (order == 0) {
            return AddressBlock.base(address, 0);
        }
        int top = Math.min(order, AddressBlock.ORDER_ALL) - 1 + LOG2_PAGE;
        long ones = (1L << top) - (1L << LOG2_PAGE);
        return AddressBlock.base(address, order) | ones;
    }

    /** S of a block of {@code 2^order} pages. */
    public static boolean s(int order) {
        return order > 0;
    }

    /** The order that address bits and S mean. Bits 62:12 all 1 are the whole address space, whatever bit 63 is. */
    public static int order(long address, boolean s) {
        if (!s) {
            return 0;
        }
        int ones = Long.numberOfTrailingZeros(~(address >>> LOG2_PAGE));
        return Math.min(ones + 1, AddressBlock.ORDER_ALL);
    }

    /** Whether the block that address bits and S mean holds {@code candidate}. */
    public static boolean contains(long address, boolean s, long candidate) {
        return AddressBlock.contains(address, order(address, s), candidate);
    }
}
