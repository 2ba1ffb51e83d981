package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.vtd.layout.FaultReason;

/**
 * A request that failed, in one negative {@code long}: why, and whether a fault is recorded. So a fault costs neither
 * an object nor an exception. The model's own format, not the manual's.
 */
final class Fault {
    /** The code of a refusal that has no reason: translation is off. No fault has it. */
    static final int NO_REASON = 0xff;

    private static final String FAULT = "fault";
    private static final BitField CODE = BitField.of(FAULT, "code", 0, 7, 0, "fault reason");
    private static final BitField RECORDED = BitField.bit(FAULT, "recorded", 0, 8, "not hidden by FPD");
    private static final BitField IS_FAULT = BitField.bit(FAULT, "fault", 0, 63, "always 1: the word is negative");

    /** A refusal that leaves no trace. */
    static final long SILENT = IS_FAULT.mask() | CODE.encode(NO_REASON);

    private static final FaultReason[] BY_CODE = byCode();

    private Fault() {}

    private static FaultReason[] byCode() {
        FaultReason[] table = new FaultReason[NO_REASON];
        for (FaultReason reason : FaultReason.values()) {
            table[reason.code()] = reason;
        }
        return table;
    }

    static long of(FaultReason reason) {
        return IS_FAULT.mask() | RECORDED.mask() | CODE.encode(reason.code());
    }

    /** Whether the result of a translation is a fault. */
    static boolean is(long result) {
        return result < 0;
    }

    /**
     * The fault as entries with or without FPD on the way to it have it reported (7.1.3): a qualified one is hidden,
     * whatever else it does stays.
     */
    static long under(long fault, boolean fpd) {
        return fpd && reason(fault).isQualified() ? RECORDED.clear(fault) : fault;
    }

    /** Whether there is a reason that is to be recorded. */
    static boolean isRecorded(long fault) {
        return RECORDED.isSet(fault);
    }

    /** The code, or {@link #NO_REASON}. */
    static int code(long fault) {
        return (int) CODE.get(fault);
    }

    /** The reason; not of {@link #SILENT}. */
    static FaultReason reason(long fault) {
        return BY_CODE[code(fault)];
    }
}
