package dev.sva4j.steptest.model;

/** Ranges of PASIDs that a driver asks for. */
public enum PasidLimits {
    ALL(1, (1 << 20) - 1),
    /** So few that they run out. */
    TWO(1, 2),
    /** Beside the others, so that a process which has a number does not fit. */
    OTHER_TWO(5, 6),
    /** Beyond what a device with 16 bits can emit. */
    HIGH(0x2_0000, 0x2_00ff);

    public final int min;
    public final int max;

    PasidLimits(int min, int max) {
        this.min = min;
        this.max = max;
    }
}
