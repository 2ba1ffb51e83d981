package dev.sva4j.vendor.smmu.layout;

/** How stage 1 splits its input addresses between TTB0 and TTB1 (DDI 0487 D8). */
public final class VirtualAddress {

    private static final int SELECT_BIT = 55;
    private static final int TOP_BYTE = 8;

    private VirtualAddress() {}

    /** Whether the address belongs to the upper half, TTB1. The top byte has no say. */
    public static boolean isUpperHalf(long address) {
        return ((address >>> SELECT_BIT) & 1) != 0;
    }

    /**
     * Whether all bits from {@code inputBits} upwards equal bit 55.
     *
     * @param ignoreTopByte TBI0 or TBI1 of the half: bits 63 to 56 do not count
     */
    public static boolean isInRange(long address, int inputBits, boolean ignoreTopByte) {
        long extended = withoutTopByte(address);
        long above = extended >> inputBits;
        return (ignoreTopByte || address == extended) && (above == 0 || above == -1);
    }

    /** The address with bits 63 to 56 replaced by copies of bit 55: what is left when the top byte is ignored. */
    public static long withoutTopByte(long address) {
        return (address << TOP_BYTE) >> TOP_BYTE;
    }
}
