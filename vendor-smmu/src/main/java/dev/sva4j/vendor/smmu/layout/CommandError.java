package dev.sva4j.vendor.smmu.layout;

import org.jspecify.annotations.Nullable;

/** Why the Command queue stopped, in CMDQ_CONS.ERR (IHI 0070 §7.1). */
public enum CommandError {
    CERROR_NONE(0),
    /** Unknown or unsupported command, or an illegal field. */
    CERROR_ILL(1),
    /** The command could not be read. */
    CERROR_ABT(2),
    /** A device did not acknowledge an ATC invalidation before this CMD_SYNC. */
    CERROR_ATC_INV_SYNC(3);

    private final int code;

    CommandError(int code) {
        this.code = code;
    }

    /** The error in this CMDQ_CONS, or null for a reserved code. */
    public static @Nullable CommandError of(long cmdqCons) {
        return switch ((int) QueueRegisters.CMDQ_CONS_ERR.get(cmdqCons)) {
            case 0 -> CERROR_NONE;
            case 1 -> CERROR_ILL;
            case 2 -> CERROR_ABT;
            case 3 -> CERROR_ATC_INV_SYNC;
            default -> null;
        };
    }

    /** The code in CMDQ_CONS.ERR. */
    public int code() {
        return code;
    }
}
