package dev.sva4j.examples.acme.hardware;

/**
 * Why a request is refused, as a negative number, so that a translation has one {@code long} for both outcomes and faults
 * cost no object. The model's own format.
 */
final class Refusal {
    /** Refused without a record: a QUIET entry, or translation is off. */
    static final int QUIET = 15;

    /** Added to the code of a refusal that software may be able to mend. */
    private static final int STALLS = 16;

    private Refusal() {}

    static long of(int code, boolean stalls) {
        return -(stalls ? code + STALLS : code);
    }

    static boolean is(long result) {
        return result < 0;
    }

    /** A CODE of events, or {@link #QUIET}. */
    static int code(long refusal) {
        return (int) (-refusal % STALLS);
    }

    /** Whether the request waits for software. */
    static boolean stalls(long refusal) {
        return -refusal >= STALLS;
    }
}
