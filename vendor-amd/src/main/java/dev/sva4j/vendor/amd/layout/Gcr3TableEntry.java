package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * An entry of the GCR3 table (AMD-Vi 2.2.6). At the lowest level Address is a guest CR3, the root of a guest page
 * table; above it is the next table.
 *
 * <p>Linux writes no other bits. Whether hardware checks them is not published; they count as reserved here, and what
 * that means is the hardware half's choice.
 */
public final class Gcr3TableEntry {

    public static final StructLayout LAYOUT = StructLayout.builder("GCR3 table entry", 1, "AMD-Vi 2.2.6")
            .bit("V", 0, 0, "valid")
            .address("Address", 0, 51, 12, "next table, or guest page table")
            .build();

    public static final BitField V = LAYOUT.field("V");
    public static final BitField ADDRESS = LAYOUT.field("Address");

    private Gcr3TableEntry() {}

    /** A valid entry. */
    public static long encode(long address) {
        return V.encode(true) | ADDRESS.encodeAddress(address);
    }
}
