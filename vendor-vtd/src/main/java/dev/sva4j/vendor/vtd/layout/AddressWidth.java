package dev.sva4j.vendor.vtd.layout;

/** Width of second-stage input addresses, in AW of context and PASID table entries and as bit number of CAP.SAGAW. */
public final class AddressWidth {

    /** 3-level page table. */
    public static final int BITS_39 = 1;

    /** 4-level page table. */
    public static final int BITS_48 = 2;

    /** 5-level page table. */
    public static final int BITS_57 = 3;

    private AddressWidth() {}

    /** Whether the encoding has a meaning. */
    public static boolean isValid(long aw) {
        return aw >= BITS_39 && aw <= BITS_57;
    }

    /** Levels of the page table. */
    public static int levels(long aw) {
        return (int) aw + 2;
    }

    /** Bits of an input address. */
    public static int bits(long aw) {
        return 30 + 9 * (int) aw;
    }
}
