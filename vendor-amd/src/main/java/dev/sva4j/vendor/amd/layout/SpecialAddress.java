package dev.sva4j.vendor.amd.layout;

/** Addresses that are not memory to a device, whatever the tables say (Linux's reserved regions). */
public final class SpecialAddress {

    /** First address of the interrupt range. */
    public static final long INTERRUPT_FIRST = 0xFEE0_0000L;

    /** Last address of the interrupt range. */
    public static final long INTERRUPT_LAST = 0xFEEF_FFFFL;

    /** First address of the HyperTransport range, which EFR2.HTRangeIgnore takes away. */
    public static final long HYPER_TRANSPORT_FIRST = 0xFD_0000_0000L;

    /** Last address of the HyperTransport range. */
    public static final long HYPER_TRANSPORT_LAST = 0xFF_FFFF_FFFFL;

    private SpecialAddress() {}

    /** Whether a write to the address is an interrupt. */
    public static boolean isInterrupt(long address) {
        return address >= INTERRUPT_FIRST && address <= INTERRUPT_LAST;
    }

    /** Whether the address is in the HyperTransport range. */
    public static boolean isHyperTransport(long address) {
        return address >= HYPER_TRANSPORT_FIRST && address <= HYPER_TRANSPORT_LAST;
    }
}
