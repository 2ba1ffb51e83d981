package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;
import static dev.sva4j.spi.layout.RegisterAccess.WRITE_ONE_TO_CLEAR;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/** FSTS (VT-d 11.4): which faults and errors are pending. */
public final class FaultStatus {

    public static final RegisterLayout FSTS = RegisterLayout.builder("FSTS", 0x34, 32, READ_ONLY, "VT-d 11.4")
            .bit("PFO", 0, "a fault found no free record")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("PPF", 1, "some record has F = 1")
            .bit("IQE", 4, "the invalidation queue stopped at a bad descriptor")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("ICE", 5, "a device completed an invalidation that was not under way")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("ITE", 6, "a device did not complete an invalidation in time")
            .access(WRITE_ONE_TO_CLEAR)
            .field("FRI", 15, 8, "first record to look at, while PPF is 1")
            .build();

    public static final BitField PFO = FSTS.field("PFO");
    public static final BitField PPF = FSTS.field("PPF");
    public static final BitField IQE = FSTS.field("IQE");
    public static final BitField ICE = FSTS.field("ICE");
    public static final BitField ITE = FSTS.field("ITE");
    public static final BitField FRI = FSTS.field("FRI");

    private FaultStatus() {}
}
