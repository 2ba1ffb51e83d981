package dev.sva4j.vendor.smmu.layout;

/**
 * Cacheability values. Three fields, three encodings: CR1 has no allocation hints, the CD fetches of an STE and the
 * table walks of a CD or STE do, and mean different things by 1 and 3 (IHI 0070 §6, §5.2, §5.4).
 */
public final class Cacheability {

    /** Non-cacheable, in every encoding. */
    public static final int NC = 0;

    /** CR1: write-back. */
    public static final int CR1_WB = 1;

    /** CR1: write-through. */
    public static final int CR1_WT = 2;

    /** STE.S1CIR, S1COR: write-back, read-allocate. */
    public static final int FETCH_WB_RA = 1;

    /** STE.S1CIR, S1COR: write-through, read-allocate. */
    public static final int FETCH_WT_RA = 2;

    /** STE.S1CIR, S1COR: write-back, no read-allocate. */
    public static final int FETCH_WB_NRA = 3;

    /** CD.IR0, OR0 and their kind: write-back, read-allocate, write-allocate. */
    public static final int WALK_WB_RA_WA = 1;

    /** CD.IR0, OR0 and their kind: write-through. */
    public static final int WALK_WT = 2;

    /** CD.IR0, OR0 and their kind: write-back, read-allocate, no write-allocate. */
    public static final int WALK_WB_RA_NWA = 3;

    private Cacheability() {}
}
