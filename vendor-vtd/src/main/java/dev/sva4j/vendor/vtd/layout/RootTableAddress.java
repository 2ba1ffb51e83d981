package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/** RTADDR (VT-d 11.4): the root table and the format of everything below it. No effect until GCMD.SRTP. */
public final class RootTableAddress {

    public static final int TTM_LEGACY = 0;
    public static final int TTM_SCALABLE = 1;
    /** Extended mode in old revisions. */
    public static final int TTM_RESERVED = 2;

    public static final int TTM_ABORT_DMA = 3;

    public static final RegisterLayout RTADDR = RegisterLayout.builder("RTADDR", 0x20, 64, READ_WRITE, "VT-d 11.4")
            .bit("SSIRWE", 7, "second-stage I/O read and write permissions count")
            .field("TTM", 11, 10, "translation table mode")
            .values("legacy", "scalable", "reserved", "abort DMA")
            .address("RTA", 63, 12, "root table")
            .build();

    public static final BitField SSIRWE = RTADDR.field("SSIRWE");
    public static final BitField TTM = RTADDR.field("TTM");
    public static final BitField RTA = RTADDR.field("RTA");

    private RootTableAddress() {}

    /** The register for a root table. */
    public static long encode(long rootTable, int ttm) {
        return RTA.encodeAddress(rootTable) | TTM.encode(ttm);
    }
}
