package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;
import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.spi.layout.StructLayout;

/**
 * Invalidation by register (VT-d 11.4): CCMD, IVA and IOTLB, for legacy mode only. In any other mode hardware refuses, which
 * shows in an actual granularity (CAIG, IAIG) of 0.
 *
 * <p>IVA and IOTLB are where {@link ExtendedCapabilityRegister#iotlbOffset} says, so they are declared as words.
 */
public final class LegacyInvalidation {

    /** CIRG and IIRG: everything. */
    public static final int GLOBAL = 1;

    /** CIRG and IIRG: one domain. */
    public static final int DOMAIN = 2;

    /** CIRG: one device. */
    public static final int DEVICE = 3;

    /** IIRG: pages of one domain. */
    public static final int PAGE = 3;

    public static final RegisterLayout CCMD = RegisterLayout.builder("CCMD", 0x28, 64, READ_WRITE, "VT-d 11.4")
            .field("DID", 15, 0, "domain")
            .field("SID", 31, 16, "requester")
            .field("FM", 33, 32, "function bits that do not count")
            .field("CAIG", 60, 59, "granularity done")
            .access(READ_ONLY)
            .field("CIRG", 62, 61, "granularity asked for")
            .values("", "global", "domain", "device")
            .bit("ICC", 63, "invalidate; 0 when done")
            .build();

    public static final BitField CCMD_DID = CCMD.field("DID");
    public static final BitField CCMD_SID = CCMD.field("SID");
    public static final BitField CCMD_FM = CCMD.field("FM");
    public static final BitField CCMD_CAIG = CCMD.field("CAIG");
    public static final BitField CCMD_CIRG = CCMD.field("CIRG");
    public static final BitField CCMD_ICC = CCMD.field("ICC");

    public static final StructLayout IVA = StructLayout.builder("IVA", 1, "VT-d 11.4")
            .field("AM", 0, 5, 0, "aligned block of 2^AM pages")
            .bit("IH", 0, 6, "only leaves changed")
            .address("ADDR", 0, 63, 12, "page")
            .build();

    public static final BitField IVA_AM = IVA.field("AM");
    public static final BitField IVA_IH = IVA.field("IH");
    public static final BitField IVA_ADDR = IVA.field("ADDR");

    public static final StructLayout IOTLB = StructLayout.builder("IOTLB", 1, "VT-d 11.4")
            .field("DID", 0, 47, 32, "domain")
            .bit("DW", 0, 48, "drain writes")
            .bit("DR", 0, 49, "drain reads")
            .field("IAIG", 0, 58, 57, "granularity done")
            .field("IIRG", 0, 61, 60, "granularity asked for")
            .values("", "global", "domain", "page")
            .bit("IVT", 0, 63, "invalidate; 0 when done")
            .build();

    public static final BitField IOTLB_DID = IOTLB.field("DID");
    public static final BitField IOTLB_DW = IOTLB.field("DW");
    public static final BitField IOTLB_DR = IOTLB.field("DR");
    public static final BitField IOTLB_IAIG = IOTLB.field("IAIG");
    public static final BitField IOTLB_IIRG = IOTLB.field("IIRG");
    public static final BitField IOTLB_IVT = IOTLB.field("IVT");

    private LegacyInvalidation() {}
}
