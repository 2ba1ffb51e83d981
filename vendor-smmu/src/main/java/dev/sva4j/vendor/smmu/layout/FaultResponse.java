package dev.sva4j.vendor.smmu.layout;

/**
 * What happens to a transaction whose translation faults, as A, R and S of a CD configure it (IHI 0070 §5.5, §3.12).
 *
 * <p>Holds for F_TRANSLATION, F_ADDR_SIZE, F_ACCESS and F_PERMISSION only; everything else aborts and is recorded.
 */
public enum FaultResponse {
    /** Held until software resumes it; always recorded. */
    STALL(true, true, false),
    ABORT_AND_RECORD(false, true, true),
    ABORT_SILENTLY(false, false, true),
    /** Reads return 0 and writes are dropped, both with success. */
    RAZ_WI_AND_RECORD(false, true, false),
    RAZ_WI_SILENTLY(false, false, false);

    private final boolean stalls;
    private final boolean records;
    private final boolean aborts;

    FaultResponse(boolean stalls, boolean records, boolean aborts) {
        this.stalls = stalls;
        this.records = records;
        this.aborts = aborts;
    }

    /** The response to stage 1 faults that word 0 of a CD asks for. */
    public static FaultResponse ofContextDescriptor(long word0) {
        return of(ContextDescriptor.A.isSet(word0), ContextDescriptor.R.isSet(word0), ContextDescriptor.S.isSet(word0));
    }

    /** The response to stage 2 faults that word 2 of an STE asks for; to terminate is always to abort there. */
    public static FaultResponse ofStage2(long word2) {
        return of(true, StreamTableEntry.S2R.isSet(word2), StreamTableEntry.S2S.isSet(word2));
    }

    /** The response of this A, R and S. */
    public static FaultResponse of(boolean a, boolean r, boolean s) {
        if (s) {
            return STALL;
        }
        if (a) {
            return r ? ABORT_AND_RECORD : ABORT_SILENTLY;
        }
        return r ? RAZ_WI_AND_RECORD : RAZ_WI_SILENTLY;
    }

    /** Whether the client waits until the transaction is resumed. */
    public boolean stalls() {
        return stalls;
    }

    /** Whether an event is recorded. */
    public boolean records() {
        return records;
    }

    /** Whether the client sees an abort at once. */
    public boolean aborts() {
        return aborts;
    }
}
