package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * The root entry of a bus in scalable mode (VT-d 9.2): word 0 for devices 0 to 15, word 1 for devices 16 to 31. Reserved bits
 * of a half count only while that half is present.
 */
public final class ScalableRootEntry {

    public static final StructLayout LAYOUT = StructLayout.builder("scalable root entry", 2, "VT-d 9.2")
            .bit("LP", 0, 0, "lower half present")
            .address("LCTP", 0, 63, 12, "lower context table")
            .bit("UP", 1, 0, "upper half present")
            .address("UCTP", 1, 63, 12, "upper context table")
            .build();

    public static final BitField LP = LAYOUT.field("LP");
    public static final BitField LCTP = LAYOUT.field("LCTP");
    public static final BitField UP = LAYOUT.field("UP");
    public static final BitField UCTP = LAYOUT.field("UCTP");

    private ScalableRootEntry() {}

    /** A present half, which has one shape in both words. */
    public static long half(long contextTable) {
        return LP.encode(true) | LCTP.encodeAddress(contextTable);
    }
}
