package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/** The version of the architecture that the unit implements (VT-d 11.4). */
public final class VersionRegister {

    public static final RegisterLayout VER = RegisterLayout.builder("VER", 0x00, 32, READ_ONLY, "VT-d 11.4")
            .field("MIN", 3, 0, "minor version")
            .field("MAX", 7, 4, "major version")
            .build();

    public static final BitField MIN = VER.field("MIN");
    public static final BitField MAX = VER.field("MAX");

    private VersionRegister() {}
}
