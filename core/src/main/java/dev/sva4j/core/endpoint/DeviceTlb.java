package dev.sva4j.core.endpoint;

import dev.sva4j.core.schedule.AuditedLock;
import dev.sva4j.spi.Pasid;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The address translation cache (ATC) of a function: direct-mapped, by PASID and 4 KiB page.
 *
 * <p>A look-up is one volatile read of an immutable entry, so it takes no lock and can see no mixture of two entries.
 * Only misses allocate.
 */
final class DeviceTlb {
    private static final int SLOTS = 1024;
    private static final int PAGE_SHIFT = 12;

    /**
     * One cached translation.
     *
     * @param pasid PASID or {@link Pasid#NONE}
     * @param page device address of the page
     * @param translated what goes out instead
     * @param rights {@code Rights} bits
     */
    record Entry(int pasid, long page, long translated, int rights) {}

    // Slots are replaced under the lock, and read without it.
    private final AtomicReferenceArray<@Nullable Entry> slots = new AtomicReferenceArray<>(SLOTS);

    private final AuditedLock lock;

    // Guarded by lock: whether anything may be kept. An answer that arrives after ATS was turned off would otherwise
    // outlive the session,
    // because no invalidation reaches the cache any more.
    private boolean enabled;

    // Number of invalidations so far. Raised under the lock before slots are cleared; an answer to a request that was
    // sent before is not
    // installed, because the invalidation may have been meant for it.
    private final AtomicLong generation = new AtomicLong();

    DeviceTlb(String device) {
        this.lock = new AuditedLock("ATC of " + device);
    }

    /** Keeps translations from now on. */
    void enable() {
        lock.lock();
        try {
            enabled = true;
        } finally {
            lock.unlock();
        }
    }

    /** Drops every translation and keeps none. */
    void disable() {
        lock.lock();
        try {
            enabled = false;
            generation.getAndIncrement();
            for (int slot = 0; slot < SLOTS; slot++) {
                slots.set(slot, null);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What {@link #install} has to be told; taken before the translation request is sent. */
    long generation() {
        return generation.get();
    }

    @Nullable
    Entry find(int pasid, long address) {
        long page = pageOf(address);
        Entry entry = slots.get(slot(pasid, page));
        return entry != null && entry.page == page && entry.pasid == pasid ? entry : null;
    }

    /** Keeps a translation unless something was invalidated since {@code seenGeneration}. */
    boolean install(Entry entry, long seenGeneration) {
        lock.lock();
        try {
            if (!enabled || generation.get() != seenGeneration) {
                return false;
            }
            slots.set(slot(entry.pasid, entry.page), entry);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Drops translations.
     *
     * @param pasid of the translations; {@link Pasid#NONE} for all, tagged or not
     * @param address first byte, aligned to the region
     * @param log2Bytes 12 … 64
     * @param global whatever their PASID
     */
    void invalidate(int pasid, long address, int log2Bytes, boolean global) {
        boolean anyPasid = global || pasid == Pasid.NONE;
        lock.lock();
        try {
            generation.getAndIncrement();
            if (!anyPasid && log2Bytes == PAGE_SHIFT) {
                clearIfCovered(slot(pasid, address), pasid, false, address, log2Bytes);
            } else {
                for (int slot = 0; slot < SLOTS; slot++) {
                    clearIfCovered(slot, pasid, anyPasid, address, log2Bytes);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void clearIfCovered(int slot, int pasid, boolean anyPasid, long address, int log2Bytes) {
        Entry entry = slots.get(slot);
        if (entry != null
                && (anyPasid || entry.pasid == pasid)
                && (log2Bytes == Long.SIZE || (entry.page - address) >>> log2Bytes == 0)) {
            slots.set(slot, null);
        }
    }

    private static long pageOf(long address) {
        return address >>> PAGE_SHIFT << PAGE_SHIFT;
    }

    private static int slot(int pasid, long page) {
        long hash = (page >>> PAGE_SHIFT) + pasid * 0x9E3779B97F4A7C15L;
        return (int) (hash ^ hash >>> 32) & (SLOTS - 1);
    }
}
