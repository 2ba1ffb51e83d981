package dev.sva4j.vendor.smmu.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;
import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.RegisterAccess;
import dev.sva4j.spi.layout.RegisterLayout;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Registers that are named so that an access to them can be explained, but not taken apart: the optional address
 * translation operations (IDR0.ATOS) and the identification bytes at the end of page 0.
 */
public final class AuxiliaryRegisters {

    private static final String GATOS = "IHI 0070 §6";

    public static final RegisterLayout GATOS_CTRL = whole("GATOS_CTRL", 0x100, 32, READ_WRITE, GATOS);
    public static final RegisterLayout GATOS_SID = whole("GATOS_SID", 0x108, 64, READ_WRITE, GATOS);
    public static final RegisterLayout GATOS_ADDR = whole("GATOS_ADDR", 0x110, 64, READ_WRITE, GATOS);
    public static final RegisterLayout GATOS_PAR = whole("GATOS_PAR", 0x118, 64, READ_ONLY, GATOS);

    /** The identification registers 0xFD0 to 0xFFC, one byte each: PIDR4 to PIDR7, PIDR0 to PIDR3, CIDR0 to CIDR3. */
    public static final List<RegisterLayout> IDENTIFICATION = IntStream.range(0, 12)
            .mapToObj(i -> whole(
                    i < 8 ? "PIDR" + (i + 4) % 8 : "CIDR" + (i - 8), 0xFD0 + 4L * i, 32, READ_ONLY, "IHI 0070 §6"))
            .toList();

    private AuxiliaryRegisters() {}

    private static RegisterLayout whole(String name, long offset, int width, RegisterAccess access, String citation) {
        return RegisterLayout.builder(name, offset, width, access, citation)
                .field("VALUE", width - 1, 0, "")
                .build();
    }
}
