package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** The root entry of a bus in legacy mode (VT-d 9.1). */
public final class LegacyRootEntry {

    public static final StructLayout LAYOUT = StructLayout.builder("root entry", 2, "VT-d 9.1")
            .bit("P", 0, 0, "present")
            .address("CTP", 0, 63, 12, "context table")
            .build();

    public static final BitField P = LAYOUT.field("P");
    public static final BitField CTP = LAYOUT.field("CTP");

    private LegacyRootEntry() {}
}
