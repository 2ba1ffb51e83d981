package dev.sva4j.spi.hardware;

import dev.sva4j.spi.Behaviour;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A cache of decoded configuration: entries of device and PASID tables, and what leads to them.
 *
 * <p>Direct-mapped. A hit reads one reference to an immutable entry and takes no lock. A fetch samples the
 * <em>epoch</em>, a count of invalidations that all caches share, before it looks at anything, and {@linkplain #fill
 * fills} only if no invalidation has started since: what an invalidation meant to drop cannot come in after it. An
 * invalidation of several levels goes from the device table downwards, so that what a fetch read through an old pointer
 * has an epoch from before.
 *
 * <p>Thread-safe.
 *
 * @param <T> what is cached; immutable
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class ConfigCache<T> {
    /** Slots of a cache that is to keep everything. */
    private static final int MANY = 1 << 14;

    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    /** Entries by hash; read by any thread without a lock, written under the lock of this. Null with capacity 0. */
    private final @Nullable AtomicReferenceArray<@Nullable Entry<T>> slots;

    /** 63 minus log2 of the number of slots. */
    private final int hashShift;

    /** Number of invalidations started, here or in another cache. An invalidation counts before it drops anything. */
    private final AtomicLong epoch;

    /**
     * A cache.
     *
     * @param capacity most entries it holds; {@link Behaviour#UNBOUNDED} for as many as is sensible
     * @param epoch number of invalidations started, shared with other caches
     */
    public ConfigCache(int capacity, AtomicLong epoch) {
        this.epoch = epoch;
        int size = capacity == Behaviour.UNBOUNDED ? MANY : Integer.highestOneBit(Math.min(capacity, MANY));
        this.slots = size == 0 ? null : new AtomicReferenceArray<>(size);
        this.hashShift = Long.SIZE - 1 - Integer.numberOfTrailingZeros(Math.max(1, size));
    }

    /** What is cached under {@code key}. */
    public @Nullable T find(long key) {
        if (slots == null) {
            return null;
        }
        Entry<T> entry = slots.get(slot(key));
        return entry != null && entry.key == key ? entry.value : null;
    }

    /** Keeps the result of a fetch, unless an invalidation has started since {@code sampledEpoch}. */
    public synchronized void fill(long key, T value, long sampledEpoch) {
        if (slots != null && epoch.get() == sampledEpoch) {
            slots.set(slot(key), new Entry<>(key, value));
        }
    }

    /** Drops the entry of {@code key}. */
    public synchronized void invalidate(long key) {
        epoch.incrementAndGet();
        if (slots != null) {
            Entry<T> entry = slots.get(slot(key));
            if (entry != null && entry.key == key) {
                slots.set(slot(key), null);
            }
        }
    }

    /** Drops every entry whose key matches. */
    public synchronized void invalidateIf(LongPredicate matches) {
        epoch.incrementAndGet();
        if (slots == null) {
            return;
        }
        for (int i = 0; i < slots.length(); i++) {
            Entry<T> entry = slots.get(i);
            if (entry != null && matches.test(entry.key)) {
                slots.set(i, null);
            }
        }
    }

    /** Drops every entry whose value matches. */
    public synchronized void invalidateValues(Predicate<? super T> matches) {
        epoch.incrementAndGet();
        if (slots == null) {
            return;
        }
        for (int i = 0; i < slots.length(); i++) {
            Entry<T> entry = slots.get(i);
            if (entry != null && matches.test(entry.value)) {
                slots.set(i, null);
            }
        }
    }

    private int slot(long key) {
        // In two steps, as a shift by 64 would be none.
        return (int) (((key * SPREAD) >>> 1) >>> hashShift);
    }

    /** Immutable, so that a racy read sees all of it. */
    private record Entry<T>(long key, T value) {}
}
