package dev.sva4j.cli;

/** What the command tells its caller. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;

    /** Done, and what was checked does not hold. */
    public static final int CHECK_FAILED = 1;

    /** Bad usage or bad input, or a bug of ours; one line on standard error says which. */
    public static final int BAD_INPUT = 2;

    private ExitCode() {}
}
