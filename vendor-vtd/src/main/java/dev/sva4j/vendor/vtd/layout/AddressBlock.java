package dev.sva4j.vendor.vtd.layout;

/**
 * Aligned blocks of {@code 2^order} pages, which is what invalidations by address reach: AM of iotlb_inv and p_iotlb_inv, and
 * the size in device-TLB invalidations ({@link DeviceTlbRange}).
 */
public final class AddressBlock {

    /** Order of the whole address space. */
    public static final int ORDER_ALL = 52;

    private static final int LOG2_PAGE = 12;

    private AddressBlock() {}

    /** Order of the smallest block that holds both bytes. */
    public static int order(long first, long last) {
        return Long.SIZE - Long.numberOfLeadingZeros((first ^ last) >>> LOG2_PAGE);
    }

    /** Where the block of this order around an address starts. */
    public static long base(long address, int order) {
        return order >= ORDER_ALL ? 0 : address & (-1L << (order + LOG2_PAGE));
    }

    /** Whether the block around {@code block} holds an address; {@code block} need not be aligned. */
    public static boolean contains(long block, int order, long address) {
        return order >= ORDER_ALL || (block ^ address) >>> (order + LOG2_PAGE) == 0;
    }

    /** Size of a block in bytes; 0 for the whole address space, as 2^64 has no room. */
    public static long bytes(int order) {
        return order >= ORDER_ALL ? 0 : 1L << (order + LOG2_PAGE);
    }
}
