package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.hardware.ConfigCache;
import dev.sva4j.spi.hardware.TranslationCache;
import dev.sva4j.spi.layout.BitField;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/**
 * Everything that is cached, and what each command drops (AMD-Vi 2.4): no less than it has to, and hardly more.
 *
 * <p>NpCache is 0: of page tables and GCR3 tables, nothing that is not present or faults is ever in a cache. Entries of
 * the device table may be cached whatever they say, since software has to invalidate after each change of one. Whoever
 * invalidates goes from the device table downwards, and tables before leaves: a walk that found something old began
 * before that, and what it brings is refused.
 *
 * <p>What comes from guest tables is tagged with domain and PASID, what comes from host tables with the domain: devices
 * of one domain stand for each other, even if their tables differ (Linux {@code amd/iommu.c} gives each GCR3 table a
 * domain for that reason).
 */
final class Caches {
    private static final String TAG = "tag";
    private static final BitField DOMAIN = BitField.of(TAG, "DomainID", 0, 15, 0, "domain");
    private static final BitField PASID = BitField.of(TAG, "PASID", 0, 35, 16, "PASID");
    private static final BitField GUEST = BitField.bit(TAG, "guest", 0, 36, "from guest tables");
    private static final BitField NESTED = BitField.bit(TAG, "nested", 0, 37, "and host tables");

    /** A cache of tables is smaller than its TLB by this much. */
    private static final int PAGES_PER_TABLE = 16;

    /** Number of invalidations started in any of the caches. */
    final AtomicLong epoch = new AtomicLong();

    /** Device table entries by device. */
    final ConfigCache<DeviceEntry> devices;

    /** Roots of guest page tables by {@link #guestTag}. */
    final ConfigCache<Long> guestRoots;

    /** Translations by {@link #guestTag}. */
    final TranslationCache guest;

    /** Last-level guest tables by {@link #guestTag}; not of nested translations. */
    final TranslationCache guestTables;

    /** Translations by {@link #hostTag}. */
    final TranslationCache host;

    /** Last-level host tables by {@link #hostTag}. */
    final TranslationCache hostTables;

    Caches(Behaviour behaviour) {
        devices = new ConfigCache<>(behaviour.configEntries(), epoch);
        guestRoots = new ConfigCache<>(behaviour.configEntries(), epoch);
        int entries = behaviour.tlbEntries();
        boolean bounded = entries != 0 && entries != Behaviour.UNBOUNDED;
        int tables = bounded ? Math.max(1, entries / PAGES_PER_TABLE) : entries;
        guest = new TranslationCache(entries, epoch);
        guestTables = new TranslationCache(tables, epoch);
        host = new TranslationCache(entries, epoch);
        hostTables = new TranslationCache(tables, epoch);
    }

    static long guestTag(int domain, int pasid, boolean nested) {
        return DOMAIN.encode(domain) | PASID.encode(pasid) | GUEST.mask() | NESTED.encode(nested);
    }

    static long hostTag(int domain) {
        return DOMAIN.encode(domain);
    }

    /** INVALIDATE_DEVTAB_ENTRY. */
    void invalidateDevice(int deviceId) {
        devices.invalidate(deviceId);
    }

    /** INVALIDATE_IOMMU_ALL. */
    void invalidateEverything() {
        devices.invalidateIf(key -> true);
        guestRoots.invalidateIf(key -> true);
        guestTables.invalidateAll();
        hostTables.invalidateAll();
        guest.invalidateAll();
        host.invalidateAll();
    }

    /** INVALIDATE_IOMMU_PAGES with GN = 1 for all addresses. Entries of the GCR3 table are directory entries. */
    void invalidatePasid(int domain, int pasid, boolean directories) {
        LongPredicate ofPasid = tag -> DOMAIN.get(tag) == domain && PASID.get(tag) == pasid;
        if (directories) {
            guestRoots.invalidateIf(ofPasid);
            drop(guestTables, ofPasid);
        }
        drop(guest, ofPasid);
    }

    /** INVALIDATE_IOMMU_PAGES with GN = 1 for a range. */
    void invalidatePasidPages(int domain, int pasid, long first, long last, boolean directories) {
        for (boolean nested : new boolean[] {false, true}) {
            long tag = guestTag(domain, pasid, nested);
            if (directories) {
                guestTables.invalidate(tag, first, last);
            }
            guest.invalidate(tag, first, last);
        }
    }

    /**
     * INVALIDATE_IOMMU_PAGES with GN = 0 for all addresses. That guest translations of the domain go with it, and by
     * that which guest tables there are, is the likelier reading: a domain that changes its tables has no other command
     * for all its PASIDs.
     */
    void invalidateDomain(int domain, boolean directories) {
        LongPredicate ofDomain = tag -> DOMAIN.get(tag) == domain;
        if (directories) {
            guestRoots.invalidateIf(ofDomain);
            drop(guestTables, ofDomain);
            drop(hostTables, ofDomain);
        }
        drop(guest, ofDomain);
        drop(host, ofDomain);
    }

    /** INVALIDATE_IOMMU_PAGES with GN = 0 for a range: of what nested walks brought, all of the domain goes. */
    void invalidateDomainPages(int domain, long first, long last, boolean directories) {
        LongPredicate nested = tag -> DOMAIN.get(tag) == domain && NESTED.isSet(tag);
        guestRoots.invalidateIf(nested);
        if (directories) {
            hostTables.invalidate(hostTag(domain), first, last);
        }
        drop(guest, nested);
        host.invalidate(hostTag(domain), first, last);
    }

    private static void drop(TranslationCache cache, LongPredicate tags) {
        cache.invalidate(tags, Long.MIN_VALUE, Long.MAX_VALUE);
    }
}
