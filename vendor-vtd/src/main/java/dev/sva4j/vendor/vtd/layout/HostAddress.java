package dev.sva4j.vendor.vtd.layout;

/** Host physical addresses, as far as the unit decodes them (HAW, the host address width). */
public final class HostAddress {

    /** Where the address field of page table entries ends. */
    private static final int ENTRY_BITS = 52;

    private static final long INTERRUPT_RANGE = 0xFEE0_0000L;
    private static final long INTERRUPT_OFFSET = 0x000F_FFFFL;

    private HostAddress() {}

    /** Whether an address has no bit above the width. */
    public static boolean fits(long address, int width) {
        return width >= Long.SIZE || address >>> width == 0;
    }

    /** The bits 51:HAW, which are reserved in page table entries. */
    public static long reservedInEntries(int width) {
        return (1L << ENTRY_BITS) - (1L << Math.min(width, ENTRY_BITS));
    }

    /** The part of an address that so many bits hold. */
    public static long truncate(long address, int width) {
        return width >= Long.SIZE ? address : address & ((1L << width) - 1);
    }

    /** Whether an address is in FEEx_xxxxh, where a write is an interrupt (VT-d 3.14). */
    public static boolean isInterruptRange(long address) {
        return (address & ~INTERRUPT_OFFSET) == INTERRUPT_RANGE;
    }
}
