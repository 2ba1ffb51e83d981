package dev.sva4j.vendor.smmu.driver;

import java.util.BitSet;

/**
 * ASIDs 1 … 2^bits − 1, each given to one open context. 0 belongs to quiet CDs: nothing is ever cached under it.
 *
 * <p>Cyclic, so that a number rests as long as possible: a missing invalidation shows as a fault rather than as another
 * process's data. Thread-safe.
 */
final class AsidAllocator {
    /** What {@link #allocate} returns when every ASID is taken. */
    static final int NONE = 0;

    private final int limit;

    /** Guarded by this object's own monitor, which nobody else can see. */
    private final BitSet taken = new BitSet();

    /** Where the search starts; guarded likewise. */
    private int next = 1;

    AsidAllocator(int bits) {
        this.limit = 1 << bits;
    }

    synchronized int allocate() {
        int asid = taken.nextClearBit(next);
        if (asid >= limit) {
            asid = taken.nextClearBit(1);
        }
        if (asid >= limit) {
            return NONE;
        }
        taken.set(asid);
        next = asid + 1;
        return asid;
    }

    synchronized void free(int asid) {
        if (!taken.get(asid)) {
            throw new IllegalStateException("ASID " + asid + " is not taken");
        }
        taken.clear(asid);
    }
}
