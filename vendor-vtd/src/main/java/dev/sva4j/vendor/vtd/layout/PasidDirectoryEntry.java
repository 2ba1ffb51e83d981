package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** An entry of the PASID directory (VT-d 9.5). */
public final class PasidDirectoryEntry {

    public static final StructLayout LAYOUT = StructLayout.builder("PASID directory entry", 1, "VT-d 9.5")
            .bit("P", 0, 0, "present")
            .bit("FPD", 0, 1, "qualified faults are not recorded; counts if P = 0, too")
            .address("SMPTBLPTR", 0, 63, 12, "PASID table")
            .build();

    public static final BitField P = LAYOUT.field("P");
    public static final BitField FPD = LAYOUT.field("FPD");
    public static final BitField SMPTBLPTR = LAYOUT.field("SMPTBLPTR");

    private PasidDirectoryEntry() {}

    /** A present entry for a table. */
    public static long encode(long pasidTable) {
        return P.encode(true) | SMPTBLPTR.encodeAddress(pasidTable);
    }
}
