package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.hardware.ConfigCache;
import dev.sva4j.spi.hardware.TranslationCache;
import dev.sva4j.spi.layout.BitField;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/**
 * Everything that is cached, and what each invalidation drops (6.2, 6.5.2, tables 22 to 28): no less than it has to,
 * and hardly more.
 *
 * <p>Caching mode is 0: nothing that is not present or faults is ever in a cache. Whoever invalidates goes from the
 * context cache downwards, and tables before leaves: a walk that found something old began before that, and what it
 * brings is refused.
 *
 * <p>IOTLB entries are tagged with domain and PASID, not with the requester as table 22 allows: entries that two
 * functions have under one tag may stand for each other (6.2.3.1).
 */
final class Caches {
    private static final String TAG = "tag";
    private static final BitField DID = BitField.of(TAG, "DID", 0, 15, 0, "domain");
    private static final BitField PASID = BitField.of(TAG, "PASID", 0, 35, 16, "PASID; 0 in legacy mode");
    private static final BitField KEY_PASID = BitField.of("PASID cache key", "PASID", 0, 19, 0, "PASID");
    private static final BitField KEY_SID = BitField.of("PASID cache key", "SID", 0, 51, 20, "requester");

    /** A cache of tables is smaller than its IOTLB by this much. */
    private static final int PAGES_PER_TABLE = 16;

    /** Number of invalidations started in any of the caches. */
    final AtomicLong epoch = new AtomicLong();

    /** Context entries by requester. */
    final ConfigCache<ContextEntry> contexts;

    /** PASID table entries by {@link #key}. */
    final ConfigCache<TranslationEntry> pasids;

    /** First-stage translations by domain and PASID. */
    final TranslationCache firstStage;

    /** Last-level first-stage tables by domain and PASID. */
    final TranslationCache firstStageTables;

    /** Second-stage translations by domain and PASID. */
    final TranslationCache secondStage;

    /** Last-level second-stage tables by domain. */
    final TranslationCache secondStageTables;

    Caches(Behaviour behaviour) {
        contexts = new ConfigCache<>(behaviour.configEntries(), epoch);
        pasids = new ConfigCache<>(behaviour.configEntries(), epoch);
        int entries = behaviour.tlbEntries();
        boolean bounded = entries != 0 && entries != Behaviour.UNBOUNDED;
        int tables = bounded ? Math.max(1, entries / PAGES_PER_TABLE) : entries;
        firstStage = new TranslationCache(entries, epoch);
        firstStageTables = new TranslationCache(tables, epoch);
        secondStage = new TranslationCache(entries, epoch);
        secondStageTables = new TranslationCache(tables, epoch);
    }

    /** Key of the PASID cache. */
    static long key(int sid, int pasid) {
        return KEY_SID.encode(Integer.toUnsignedLong(sid)) | KEY_PASID.encode(pasid);
    }

    /** Tag of IOTLB entries, and of first-stage tables. */
    static long tag(int did, int pasid) {
        return DID.encode(did) | PASID.encode(pasid);
    }

    /** Tag of second-stage tables. */
    static long domainTag(int did) {
        return DID.encode(did);
    }

    /** SRTP, TE = 0. */
    void invalidateEverything() {
        invalidateContexts(context -> true);
        invalidatePasids(entry -> true);
        invalidateAllTranslations();
    }

    /** cc_inv. */
    void invalidateContexts(Predicate<ContextEntry> matches) {
        contexts.invalidateValues(matches);
    }

    /** pc_inv. */
    void invalidatePasids(Predicate<TranslationEntry> matches) {
        pasids.invalidateValues(matches);
    }

    /** iotlb_inv, global. */
    void invalidateAllTranslations() {
        firstStageTables.invalidateAll();
        secondStageTables.invalidateAll();
        firstStage.invalidateAll();
        secondStage.invalidateAll();
    }

    /** iotlb_inv, domain-selective. */
    void invalidateDomain(int did) {
        LongPredicate ofDomain = tag -> DID.get(tag) == did;
        drop(firstStageTables, ofDomain);
        drop(secondStageTables, ofDomain);
        drop(firstStage, ofDomain);
        drop(secondStage, ofDomain);
    }

    /** iotlb_inv, page-selective: of first-stage entries, all of the domain go. */
    void invalidateDomainPages(int did, long first, long last, boolean leavesOnly) {
        LongPredicate ofDomain = tag -> DID.get(tag) == did;
        drop(firstStageTables, ofDomain);
        if (!leavesOnly) {
            secondStageTables.invalidate(domainTag(did), first, last);
        }
        drop(firstStage, ofDomain);
        secondStage.invalidate(ofDomain, first, last);
    }

    /** p_iotlb_inv, PASID-selective. */
    void invalidatePasidTranslations(int did, int pasid) {
        long tag = tag(did, pasid);
        firstStageTables.invalidate(tag, Long.MIN_VALUE, Long.MAX_VALUE);
        firstStage.invalidate(tag, Long.MIN_VALUE, Long.MAX_VALUE);
        secondStage.invalidate(tag, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** p_iotlb_inv, page-selective: first-stage entries only. */
    void invalidatePasidPages(int did, int pasid, long first, long last, boolean leavesOnly) {
        long tag = tag(did, pasid);
        if (!leavesOnly) {
            firstStageTables.invalidate(tag, first, last);
        }
        firstStage.invalidate(tag, first, last);
    }

    private static void drop(TranslationCache cache, LongPredicate tags) {
        cache.invalidate(tags, Long.MIN_VALUE, Long.MAX_VALUE);
    }
}
