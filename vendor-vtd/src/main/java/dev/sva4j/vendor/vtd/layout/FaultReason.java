package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.vendor.vtd.layout.FaultReason.Completion.CA;
import static dev.sva4j.vendor.vtd.layout.FaultReason.Completion.LESS_ACCESS;
import static dev.sva4j.vendor.vtd.layout.FaultReason.Completion.NONE;
import static dev.sva4j.vendor.vtd.layout.FaultReason.Completion.NO_ACCESS;
import static dev.sva4j.vendor.vtd.layout.FaultReason.Completion.UR;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was blocked: FR of a fault record, and the table of conditions and responses (VT-d 7.1.3, table 30).
 *
 * <p>Codes below 0x30 are those of legacy mode. Left out: 0x82, execute permission, which went with execute requests in revision
 * 4.1; 0x60 and 0xA0 to 0xA5, host permission tables.
 */
public enum FaultReason {
    /** The root entry of the bus is not present. */
    LRT_2(0x01, false, UR, UR, false),
    /** The context entry is not present. */
    LCT_2(0x02, true, UR, UR, false),
    /** AW, TT or SSPTPTR of the context entry is invalid. */
    LCT_4(0x03, true, CA, UR, false),
    /** The address is wider than MGAW, AW or the host's addresses. */
    LGN_1(0x04, true, NO_ACCESS, UR, false),
    /** A write, and the pages are not writable. */
    LGN_2(0x05, true, LESS_ACCESS, NONE, false),
    /** A read, and the pages are not readable. */
    LGN_3(0x06, true, LESS_ACCESS, NONE, false),
    /** A second-stage entry could not be read. */
    LSS_1(0x07, true, CA, NONE, false),
    /** The root entry could not be read. */
    LRT_1(0x08, false, CA, UR, false),
    /** The context entry could not be read. */
    LCT_1(0x09, false, CA, UR, false),
    /** The root entry has a reserved bit set. */
    LRT_3(0x0A, false, CA, UR, false),
    /** The context entry has a reserved bit set. */
    LCT_3(0x0B, true, CA, UR, false),
    /** A second-stage entry has a reserved bit set. */
    LSS_2(0x0C, true, CA, NONE, false),
    /** TT allows no translation and no translated requests. */
    LCT_5(0x0D, true, UR, UR, false),
    /** The output is in the interrupt address range. */
    LGN_4(0x0E, true, CA, UR, false),
    /** The translation table mode is invalid. */
    RTA_1(0x30, false, CA, UR, true),
    /** A request with PASID in legacy mode. */
    RTA_2(0x31, false, UR, UR, false),
    /** A page request in legacy mode. */
    RTA_3(0x32, false, NONE, NONE, true),
    /** Abort-DMA mode. */
    RTA_4(0x33, false, UR, UR, true),
    /** An execute request; major version 8 and later. */
    RTA_5(0x34, false, UR, UR, false),
    /** The root entry could not be read. */
    SRT_1(0x38, false, CA, UR, true),
    /** The half of the root entry is not present. */
    SRT_2(0x39, false, UR, UR, true),
    /** The half of the root entry has a reserved bit set. */
    SRT_3(0x3A, false, CA, UR, true),
    /** The context entry could not be read. */
    SCT_1(0x40, false, CA, UR, true),
    /** The context entry is not present. */
    SCT_2(0x41, true, UR, UR, true),
    /** The context entry has a reserved bit set. */
    SCT_3(0x42, true, CA, UR, true),
    /** DTE and PRE, RID_PASID and PDTS, or EPTR and PASIDE contradict each other. */
    SCT_4(0x43, true, CA, UR, true),
    /** DTE allows no translation and no translated requests. */
    SCT_5(0x44, true, UR, UR, false),
    /** PASIDE allows no requests with PASID. */
    SCT_6(0x45, true, UR, NONE, true),
    /** The PASID is beyond the PASID directory. */
    SCT_7(0x46, true, UR, UR, true),
    /** PRE allows no page requests. */
    SCT_8(0x47, true, NONE, NONE, true),
    /** The PASID of the request is RID_PASID. */
    SCT_9(0x48, true, UR, UR, true),
    /** EPTR allows no translated requests with PASID. */
    SCT_10(0x49, true, NONE, UR, false),
    /** The PASID directory entry could not be read. */
    SPD_1(0x50, false, CA, CA, true),
    /** The PASID directory entry is not present. */
    SPD_2(0x51, true, NO_ACCESS, UR, true),
    /** The PASID directory entry has a reserved bit set. */
    SPD_3(0x52, true, CA, CA, true),
    /** The PASID table entry could not be read. */
    SPT_1(0x58, false, CA, CA, true),
    /** The PASID table entry is not present. */
    SPT_2(0x59, true, NO_ACCESS, UR, true),
    /** The PASID table entry has a reserved bit set. */
    SPT_3(0x5A, true, CA, CA, true),
    /** AW, PGTT, FSPM or FSPTPTR of the PASID table entry is invalid. */
    SPT_4(0x5B, true, CA, CA, true),
    /** An execute request; major version 7 and earlier. */
    SPT_5(0x5C, true, NO_ACCESS, NONE, false),
    /** SRE allows no supervisor requests. */
    SPT_6(0x5D, true, NO_ACCESS, NONE, false),
    /** A first-stage entry could not be read. */
    SFS_1(0x70, true, NO_ACCESS, NONE, false),
    /** A first-stage entry is not present. */
    SFS_2(0x71, true, NO_ACCESS, NONE, false),
    /** A first-stage entry has a reserved bit set. */
    SFS_3(0x72, true, NO_ACCESS, NONE, false),
    /** The first-stage entry at FSPTPTR could not be read. */
    SFS_4(0x73, true, NO_ACCESS, NONE, false),
    /** The address in a first-stage entry is wider than MGAW or AW. */
    SFS_5(0x74, true, NO_ACCESS, NONE, false),
    /** The second stage does not let the table at FSPTPTR be read. */
    SFS_6(0x75, true, NO_ACCESS, NONE, false),
    /** The second stage does not let a first-stage table be read. */
    SFS_7(0x76, true, NO_ACCESS, NONE, false),
    /** The second stage does not let first-stage flags be written. */
    SFS_8(0x77, true, NO_ACCESS, NONE, false),
    /** A second-stage entry could not be read. */
    SSS_1(0x78, true, CA, NONE, false),
    /** A second-stage entry is not present. */
    SSS_2(0x79, true, NO_ACCESS, NONE, false),
    /** A second-stage entry has a reserved bit set. */
    SSS_3(0x7A, true, CA, NONE, false),
    /** The second-stage entry at SSPTPTR could not be read. */
    SSS_4(0x7B, true, CA, NONE, false),
    /** Second-stage flags need an update and the walk does not snoop. */
    SSS_5(0x7C, true, CA, NONE, false),
    /** Second-stage flags could not be updated. */
    SSS_6(0x7D, true, CA, NONE, false),
    /** The address is not canonical. */
    SGN_1(0x80, true, NO_ACCESS, NONE, false),
    /** A user request, and the pages are the supervisor's. */
    SGN_2(0x81, true, NO_ACCESS, NONE, false),
    /** The address is wider than the host's addresses. */
    SGN_4(0x83, true, NO_ACCESS, UR, false),
    /** The address is wider than MGAW or AW. */
    SGN_5(0x84, true, NO_ACCESS, NONE, false),
    /** A write, and the pages are not writable. */
    SGN_6(0x85, true, LESS_ACCESS, NONE, false),
    /** A read, and the pages are not readable. */
    SGN_7(0x86, true, LESS_ACCESS, NONE, false),
    /** The output is in the interrupt address range. */
    SGN_8(0x87, true, CA, UR, false),
    /** The PASID is wider than ECAP.PSS. */
    SGN_10(0x89, true, UR, UR, false),
    /** First-stage flags need an update and the walk does not snoop. */
    SFS_9(0x90, true, NO_ACCESS, NONE, false),
    /** First-stage flags could not be updated. */
    SFS_10(0x91, true, NO_ACCESS, NONE, false);

    /** What a request gets back that has the fault. */
    public enum Completion {
        /** The request cannot have the fault. */
        NONE,
        /** Unsupported Request. */
        UR,
        /** Completer Abort. */
        CA,
        /** Success with no permission. */
        NO_ACCESS,
        /** Success with the permissions that are left. */
        LESS_ACCESS
    }

    private static final Map<Integer, FaultReason> BY_CODE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(FaultReason::code, Function.identity()));

    private final int code;
    private final boolean qualified;
    private final Completion translationRequest;
    private final Completion translatedRequest;
    private final boolean pageRequest;

    FaultReason(
            int code,
            boolean qualified,
            Completion translationRequest,
            Completion translatedRequest,
            boolean pageRequest) {
        this.code = code;
        this.qualified = qualified;
        this.translationRequest = translationRequest;
        this.translatedRequest = translatedRequest;
        this.pageRequest = pageRequest;
    }

    /** The reason in the second word of a fault record, or null for a code that is not in the table. */
    public static @Nullable FaultReason of(long word1) {
        return BY_CODE.get((int) FaultRecord.FR.get(word1));
    }

    /** The code in FR. */
    public int code() {
        return code;
    }

    /** The manual's name: {@code SPT.2}. */
    public String label() {
        return name().replace('_', '.');
    }

    /** Whether FPD keeps the fault from being recorded. */
    public boolean isQualified() {
        return qualified;
    }

    /** Whether an access of the unit to memory has failed. */
    public boolean isFetchError() {
        return switch (this) {
            case LRT_1, LCT_1, LSS_1, SRT_1, SCT_1, SPD_1, SPT_1, SFS_1, SFS_4, SSS_1, SSS_4 -> true;
            default -> false;
        };
    }

    /** How a translation request is answered. */
    public Completion onTranslationRequest() {
        return translationRequest;
    }

    /** How a translated request is answered. */
    public Completion onTranslatedRequest() {
        return translatedRequest;
    }

    /** Whether a page request can have the fault; the last of a group is then answered Invalid Request. */
    public boolean onPageRequest() {
        return pageRequest;
    }

    /** Whether a translation request with the fault leaves a record: not if it succeeds, save for SFS.10. */
    public boolean isRecordedForTranslationRequest() {
        return translationRequest == UR || translationRequest == CA || this == SFS_10;
    }
}
