package dev.sva4j.vendor.smmu.layout;

/** What becomes of stalled transactions (IHI 0070 §3.12.2, §4.7), each command as its two words. */
public final class StallCommands {

    private StallCommands() {}

    /** Translates the transaction again from the start. */
    public static long resumeRetryWord0(long sid) {
        return resume(sid) | Command.AC.encode(true);
    }

    /** Aborts the transaction. */
    public static long resumeAbortWord0(long sid) {
        return resume(sid) | Command.AB.encode(true);
    }

    /** Ends the transaction with success, reading 0 and dropping writes; aborts it if IDR0.TERM_MODEL is 1. */
    public static long resumeRazWiWord0(long sid) {
        return resume(sid);
    }

    /** Second word of the three. */
    public static long resumeWord1(int stag) {
        return Command.STAG.encode(stag);
    }

    /** Aborts every stalled transaction of a stream. The second word is 0. */
    public static long stallTermWord0(long sid) {
        return CommandOpcode.CMD_STALL_TERM.word0() | Command.STREAMID.encode(sid);
    }

    private static long resume(long sid) {
        return CommandOpcode.CMD_RESUME.word0() | Command.STREAMID.encode(sid);
    }
}
