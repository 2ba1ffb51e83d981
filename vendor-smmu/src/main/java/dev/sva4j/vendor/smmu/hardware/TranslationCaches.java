package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.Behaviour;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The TLB and the walk cache, and their invalidation (§4.4): whoever keeps a leaf or a pointer to a table is here.
 *
 * <p>Tables are invalidated before leaves: a walk that found an old table in the cache began before that, and its leaf
 * is refused.
 */
final class TranslationCaches {
    /** A walk cache is smaller than its TLB by this much. */
    private static final int PAGES_PER_TABLE = 16;

    private final AsidTags tags = new AsidTags();

    /** Finished translations. */
    final Iotlb leaves;

    /** Last-level tables, by what they translate: address and what the tables above take away. */
    final Iotlb tables;

    /** Number of invalidations started, shared with the configuration caches. */
    private final AtomicLong epoch;

    TranslationCaches(Behaviour behaviour, AtomicLong epoch) {
        this.epoch = epoch;
        int entries = behaviour.tlbEntries();
        leaves = new Iotlb(entries, tags, epoch);
        boolean bounded = entries != 0 && entries != Behaviour.UNBOUNDED;
        tables = new Iotlb(bounded ? Math.max(1, entries / PAGES_PER_TABLE) : entries, tags, epoch);
    }

    /** The tag to fill with; to be taken after the epoch and before the walk. */
    long tag(ContextConfig cd) {
        return tags.of(cd.asid);
    }

    /** Drops everything. */
    void invalidateAll() {
        tables.invalidateAll();
        leaves.invalidateAll();
    }

    /** Drops the entries of an ASID that are not global. */
    void invalidateAsid(int asid) {
        epoch.incrementAndGet();
        tags.renew(asid);
    }

    /**
     * Drops what translates a byte of {@code [address, address + bytes)}.
     *
     * @param asid whose, besides global ones; or {@link Iotlb#ANY_ASID}
     * @param leavesOnly pointers to tables have not changed and may stay
     */
    void invalidate(int asid, long address, long bytes, boolean leavesOnly) {
        if (!leavesOnly) {
            tables.invalidate(asid, address, bytes);
        }
        leaves.invalidate(asid, address, bytes);
    }
}
