package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;
import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;
import static dev.sva4j.spi.layout.RegisterAccess.WRITE_ONE_TO_CLEAR;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Registers that SVA has no use for, named so that an access to them can be explained (AMD-Vi 3.3): the exclusion
 * range, hardware errors, the SMI filter, the guest virtual APIC log.
 */
public final class AuxiliaryRegisters {

    /** With SNP the place where COMPLETION_WAIT may store (Linux). */
    public static final RegisterLayout EXCL_BASE = RegisterLayout.builder(
                    "EXCL_BASE", 0x0020, 64, READ_WRITE, "AMD-Vi 3.3")
            .bit("ExEn", 0, "the range is excluded for devices with DTE.EX")
            .bit("Allow", 1, "it is excluded for all devices")
            .address("ExclusionBase", 51, 12, "first page")
            .build();

    /** The low 12 bits read as ones. */
    public static final RegisterLayout EXCL_LIMIT = RegisterLayout.builder(
                    "EXCL_LIMIT", 0x0028, 64, READ_WRITE, "AMD-Vi 3.3")
            .address("ExclusionLimit", 51, 12, "last page")
            .build();

    public static final RegisterLayout HWEVT_UPPER = whole("HWEVT_UPPER", 0x0040);
    public static final RegisterLayout HWEVT_LOWER = whole("HWEVT_LOWER", 0x0048);

    public static final RegisterLayout HWEVT_STATUS = RegisterLayout.builder(
                    "HWEVT_STATUS", 0x0050, 64, READ_ONLY, "AMD-Vi 3.3")
            .bit("HEV", 0, "HWEVT_UPPER and HWEVT_LOWER hold an event")
            .access(WRITE_ONE_TO_CLEAR)
            .bit("HEO", 1, "another event found them taken")
            .access(WRITE_ONE_TO_CLEAR)
            .build();

    public static final BitField EX_EN = EXCL_BASE.field("ExEn");
    public static final BitField ALLOW = EXCL_BASE.field("Allow");
    public static final BitField EXCLUSION_BASE = EXCL_BASE.field("ExclusionBase");
    public static final BitField EXCLUSION_LIMIT = EXCL_LIMIT.field("ExclusionLimit");
    public static final BitField HEV = HWEVT_STATUS.field("HEV");
    public static final BitField HEO = HWEVT_STATUS.field("HEO");

    /** SMI_FILTER_0 to SMI_FILTER_15. */
    public static final List<RegisterLayout> SMI_FILTERS = IntStream.range(0, 16)
            .mapToObj(filter -> whole("SMI_FILTER_" + filter, 0x0060 + 8L * filter))
            .toList();

    public static final RegisterLayout GALOG_BASE = whole("GALOG_BASE", 0x00E0);
    public static final RegisterLayout GALOG_TAIL_ADDRESS = whole("GALOG_TAIL_ADDRESS", 0x00E8);
    public static final RegisterLayout FEATURE_SPECIFIC = whole("FEATURE_SPECIFIC", 0x0138);
    public static final RegisterLayout CONTROL_SPECIFIC = whole("CONTROL_SPECIFIC", 0x0140);
    public static final RegisterLayout STATUS_SPECIFIC = whole("STATUS_SPECIFIC", 0x0148);
    public static final RegisterLayout GALOG_HEAD = whole("GALOG_HEAD", 0x2040);
    public static final RegisterLayout GALOG_TAIL = whole("GALOG_TAIL", 0x2048);

    private AuxiliaryRegisters() {}

    private static RegisterLayout whole(String name, long offset) {
        return RegisterLayout.builder(name, offset, 64, READ_WRITE, "AMD-Vi 3.3")
                .field("VALUE", 63, 0, "")
                .build();
    }
}
