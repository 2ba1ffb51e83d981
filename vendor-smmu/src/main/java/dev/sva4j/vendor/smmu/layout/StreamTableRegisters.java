package dev.sva4j.vendor.smmu.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/** Where the stream table is and what shape it has (IHI 0070 §6); writable while SMMUEN = 0. */
public final class StreamTableRegisters {

    public static final int FMT_LINEAR = 0;
    public static final int FMT_TWO_LEVEL = 1;

    public static final RegisterLayout STRTAB_BASE = RegisterLayout.builder(
                    "STRTAB_BASE", 0x80, 64, READ_WRITE, "IHI 0070 §6")
            .address("ADDR", 55, 6, "stream table; hardware aligns it to the size of the table")
            .bit("RA", 62, "read-allocate hint")
            .build();

    public static final BitField STRTAB_BASE_ADDR = STRTAB_BASE.field("ADDR");
    public static final BitField STRTAB_BASE_RA = STRTAB_BASE.field("RA");

    public static final RegisterLayout STRTAB_BASE_CFG = RegisterLayout.builder(
                    "STRTAB_BASE_CFG", 0x88, 32, READ_WRITE, "IHI 0070 §6")
            .field("LOG2SIZE", 5, 0, "log2 of the number of StreamIDs")
            .field("SPLIT", 10, 6, "StreamID bits of the second level: 6, 8 or 10")
            .field("FMT", 17, 16, "shape")
            .values("linear", "two-level")
            .build();

    public static final BitField STRTAB_BASE_CFG_LOG2SIZE = STRTAB_BASE_CFG.field("LOG2SIZE");
    public static final BitField STRTAB_BASE_CFG_SPLIT = STRTAB_BASE_CFG.field("SPLIT");
    public static final BitField STRTAB_BASE_CFG_FMT = STRTAB_BASE_CFG.field("FMT");

    private StreamTableRegisters() {}
}
