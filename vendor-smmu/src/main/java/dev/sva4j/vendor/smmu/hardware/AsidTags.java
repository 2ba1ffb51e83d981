package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.layout.BitField;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The words by which TLB entries say whose they are: ASID and its generation, or ASET for global entries (§3.17).
 * Invalidating an ASID starts a new generation of it, and its old entries match no more; nobody has to look for them.
 *
 * <p>Thread-safe, without locks.
 */
final class AsidTags {
    private static final int ASIDS = 1 << 16;
    private static final String TAG = "TLB tag";
    private static final BitField ASID = BitField.of(TAG, "ASID", 0, 15, 0, "address space");
    private static final BitField GLOBAL = BitField.bit(TAG, "global", 0, 16, "any ASID");
    private static final BitField ASET = BitField.bit(TAG, "ASET", 0, 17, "of global entries");
    private static final BitField GENERATION = BitField.of(TAG, "generation", 0, 63, 18, "of the ASID");
    private static final long NEXT_GENERATION = GENERATION.encode(1);

    /** The tag of each ASID as it is now; changed atomically. Never wraps: 2^46 generations. */
    private final AtomicLongArray tags = new AtomicLongArray(ASIDS);

    AsidTags() {
        for (int asid = 0; asid < ASIDS; asid++) {
            tags.setPlain(asid, ASID.encode(asid));
        }
    }

    /** The tag of entries of an ASID that are valid now. */
    long of(int asid) {
        return tags.get(asid);
    }

    /** The tag of global entries: they serve every ASID of contexts with the same ASET. */
    static long global(boolean aset) {
        return GLOBAL.encode(true) | ASET.encode(aset);
    }

    /** Makes the entries of an ASID invalid. */
    void renew(int asid) {
        tags.getAndAdd(asid, NEXT_GENERATION);
    }

    /** Whether an entry with this tag serves the ASID, or did in an earlier generation. */
    static boolean serves(long tag, int asid) {
        return GLOBAL.isSet(tag) || ASID.get(tag) == asid;
    }
}
