package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * The log of peripheral page requests (AMD-Vi 3.3, 3.3.13): hardware writes at the tail, software reads from the
 * head. {@link Ring} has the arithmetic. Log B is for Control.DualPprLogEn; the registers from 0x2080 on are for
 * hardware with EFR.PprAutoRspSup and EFR.PprOvrflwEarlySup.
 */
public final class PprLogRegisters {

    public static final RegisterLayout PPRLOG_BASE = RegisterLayout.builder(
                    "PPRLOG_BASE", 0x0038, 64, READ_WRITE, "AMD-Vi 3.3")
            .address("PPRLogBase", 51, 12, "the log")
            .field("PPRLogLen", 59, 56, "2^PPRLogLen requests; less than 8 is reserved")
            .build();

    public static final RegisterLayout PPRLOG_HEAD = RegisterLayout.builder(
                    "PPRLOG_HEAD", 0x2030, 64, READ_WRITE, "AMD-Vi 3.3.13")
            .address("PPRHeadPtr", 18, 4, "offset of the next request that software reads")
            .build();

    public static final RegisterLayout PPRLOG_TAIL = RegisterLayout.builder(
                    "PPRLOG_TAIL", 0x2038, 64, READ_WRITE, "AMD-Vi 3.3.13")
            .address("PPRTailPtr", 18, 4, "offset of the next request that hardware writes")
            .build();

    public static final RegisterLayout PPR_AUTO_RESPONSE = RegisterLayout.builder(
                    "PPR_AUTO_RESPONSE", 0x2080, 64, READ_WRITE, "AMD-Vi 3.3")
            .field("PprAutoRspCode", 3, 0, "response that hardware gives")
            .bit("PprAutoRspMaskGn", 4, "only the name is published")
            .build();

    public static final RegisterLayout PPR_OVERFLOW_EARLY = RegisterLayout.builder(
                    "PPR_OVERFLOW_EARLY", 0x2088, 64, READ_WRITE, "AMD-Vi 3.3")
            .field("PprOvrflwEarlyThreshold", 14, 0, "free entries that are too few")
            .bit("PprOvrflwEarlyIntEn", 30, "interrupt")
            .bit("PprOvrflwEarlyEn", 31, "the threshold counts")
            .build();

    public static final BitField PPR_LOG_BASE = PPRLOG_BASE.field("PPRLogBase");
    public static final BitField PPR_LOG_LEN = PPRLOG_BASE.field("PPRLogLen");
    public static final BitField PPR_HEAD_PTR = PPRLOG_HEAD.field("PPRHeadPtr");
    public static final BitField PPR_TAIL_PTR = PPRLOG_TAIL.field("PPRTailPtr");
    public static final BitField PPR_AUTO_RSP_CODE = PPR_AUTO_RESPONSE.field("PprAutoRspCode");
    public static final BitField PPR_AUTO_RSP_MASK_GN = PPR_AUTO_RESPONSE.field("PprAutoRspMaskGn");
    public static final BitField PPR_OVRFLW_EARLY_THRESHOLD = PPR_OVERFLOW_EARLY.field("PprOvrflwEarlyThreshold");
    public static final BitField PPR_OVRFLW_EARLY_INT_EN = PPR_OVERFLOW_EARLY.field("PprOvrflwEarlyIntEn");
    public static final BitField PPR_OVRFLW_EARLY_EN = PPR_OVERFLOW_EARLY.field("PprOvrflwEarlyEn");

    public static final RegisterLayout PPRLOG_B_BASE = PPRLOG_BASE.mirror("PPRLOG_B_BASE", 0x00F0, READ_WRITE);
    public static final RegisterLayout PPRLOG_B_HEAD = PPRLOG_HEAD.mirror("PPRLOG_B_HEAD", 0x2050, READ_WRITE);
    public static final RegisterLayout PPRLOG_B_TAIL = PPRLOG_TAIL.mirror("PPRLOG_B_TAIL", 0x2058, READ_WRITE);
    public static final RegisterLayout PPR_B_OVERFLOW_EARLY =
            PPR_OVERFLOW_EARLY.mirror("PPR_B_OVERFLOW_EARLY", 0x2090, READ_WRITE);

    private PprLogRegisters() {}
}
