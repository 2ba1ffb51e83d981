package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.RegisterLayout;

/**
 * Registers that are named so that an access to them can be explained, but not taken apart: protected memory regions and
 * the interrupt remapping table (VT-d 11.4).
 */
public final class AuxiliaryRegisters {

    public static final RegisterLayout PMEN = whole("PMEN", 0x64, 32);
    public static final RegisterLayout PLMBASE = whole("PLMBASE", 0x68, 32);
    public static final RegisterLayout PLMLIMIT = whole("PLMLIMIT", 0x6C, 32);
    public static final RegisterLayout PHMBASE = whole("PHMBASE", 0x70, 64);
    public static final RegisterLayout PHMLIMIT = whole("PHMLIMIT", 0x78, 64);
    public static final RegisterLayout IRTA = whole("IRTA", 0xB8, 64);

    private AuxiliaryRegisters() {}

    private static RegisterLayout whole(String name, long offset, int width) {
        return RegisterLayout.builder(name, offset, width, READ_WRITE, "VT-d 11.4")
                .field("VALUE", width - 1, 0, "")
                .build();
    }
}
