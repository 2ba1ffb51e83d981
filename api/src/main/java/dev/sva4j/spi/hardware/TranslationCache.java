package dev.sva4j.spi.hardware;

import dev.sva4j.spi.Behaviour;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.apiguardian.api.API;

/**
 * A cache of translations: two ways per set, one set per cache line, no lock and no allocation on a hit. It holds
 * finished translations, or what walks know of last-level tables.
 *
 * <pre>
 *   set:   | sequence | page, tag, word | page, tag, word | next victim |
 *   page = first address, and log2 of the size in the low bits that the address leaves free
 *   tag  = whose it is, a number that means something to the architecture
 *   word = what is cached, in a format of the user's
 * </pre>
 *
 * <p><b>Readers</b> take the sequence of the set, look, and take it again: an odd or changed one is a miss, and a miss
 * is always right. Looking at the tag twice instead would be wrong: the way may go from X to Y and back to X in
 * between.
 *
 * <p><b>Writers</b> own a set while they have made its sequence odd by compare-and-set. A <b>fill</b> gives up if it
 * cannot, or if an invalidation has started since its walk began; an <b>invalidation</b> counts itself first and then
 * visits the sets, so whatever a fill put there before is found, and whatever comes later is refused.
 *
 * <p>Addresses are sign-extended and compared as signed numbers. Sizes that occur are few: a look-up probes one set for
 * each that has been filled since the start.
 *
 * <p>Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class TranslationCache {
    /** The answer of {@link #find} if there is no entry; nobody may fill this word. */
    public static final long MISS = 0;

    /** Entries of a cache that is to keep everything. */
    private static final int MANY = 1 << 14;

    /** Bits of a page word that hold log2 of its size. */
    private static final int LOG2_SIZES = 6;

    private static final int WORDS_PER_SET = 8;
    private static final int WORDS_PER_WAY = 3;
    private static final int VICTIM = 7;
    private static final long PAGE_SPREAD = 0x9e3779b97f4a7c15L;
    private static final long TAG_SPREAD = 0xd6e8feb86659fd93L;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    /** The sets, or empty with capacity 0. Any thread reads; the owner of a set writes it. */
    private final long[] words;

    private final int ways;
    private final int hashShift;

    /** Number of invalidations started, here or in another cache: sampled before a walk, checked by the fill. */
    private final AtomicLong epoch;

    /** Sizes that have been filled, bit n for 2^n bytes. Set before the fill checks the epoch, never cleared. */
    private final AtomicLong sizes = new AtomicLong();

    /**
     * A cache.
     *
     * @param capacity most entries it holds; {@link Behaviour#UNBOUNDED} for as many as is sensible
     * @param epoch number of invalidations started, shared with other caches
     */
    public TranslationCache(int capacity, AtomicLong epoch) {
        int entries = capacity == Behaviour.UNBOUNDED ? MANY : Integer.highestOneBit(Math.min(capacity, MANY));
        this.ways = Math.min(2, entries);
        int sets = ways == 0 ? 0 : entries / ways;
        this.words = new long[sets * WORDS_PER_SET];
        this.hashShift = Long.SIZE - 1 - Integer.numberOfTrailingZeros(Math.max(1, sets));
        this.epoch = epoch;
    }

    /** The word of the entry with this tag that covers {@code address}, or {@link #MISS}. */
    public long find(long tag, long address) {
        if (words.length == 0) {
            return MISS;
        }
        for (long left = sizes.getPlain(); left != 0; left &= left - 1) {
            long word = probe(page(address, Long.numberOfTrailingZeros(left)), tag);
            if (word != MISS) {
                return word;
            }
        }
        return MISS;
    }

    private long probe(long page, long tag) {
        int set = set(page, tag);
        // Volatile, not merely acquire: it must not pass the counting of the section that this access runs in.
        long sequence = (long) WORDS.getVolatile(words, set);
        if (isOwned(sequence)) {
            return MISS;
        }
        for (int way = 0; way < ways; way++) {
            int at = way(set, way);
            if ((long) WORDS.getAcquire(words, at) == page && (long) WORDS.getAcquire(words, at + 1) == tag) {
                long word = (long) WORDS.getAcquire(words, at + 2);
                return (long) WORDS.getVolatile(words, set) == sequence ? word : MISS;
            }
        }
        return MISS;
    }

    /**
     * Keeps the result of a walk, unless an invalidation has started since.
     *
     * @param tag whose it is
     * @param address any address that it covers
     * @param shift log2 of the bytes that it covers, 1 to 62
     * @param word what is cached, not {@link #MISS}
     * @param sampledEpoch sampled before the walk looked at anything
     */
    public void fill(long tag, long address, int shift, long word, long sampledEpoch) {
        if (words.length == 0) {
            return;
        }
        long size = 1L << shift;
        if ((sizes.getPlain() & size) == 0) {
            sizes.getAndUpdate(known -> known | size);
        }
        long page = page(address, shift);
        int set = set(page, tag);
        long sequence = (long) WORDS.getVolatile(words, set);
        if (isOwned(sequence) || !own(set, sequence)) {
            return;
        }
        if (epoch.get() == sampledEpoch) {
            int at = wayToFill(set, page, tag);
            words[at] = page;
            words[at + 1] = tag;
            words[at + 2] = word;
        }
        // Nobody waits for a fill to be seen: release is enough.
        WORDS.setRelease(words, set, sequence + 2);
    }

    private int wayToFill(int set, long page, long tag) {
        int free = -1;
        for (int way = 0; way < ways; way++) {
            int at = way(set, way);
            if (words[at] == page && words[at + 1] == tag) {
                return at;
            }
            if (words[at] == 0) {
                free = at;
            }
        }
        if (free >= 0) {
            return free;
        }
        long victim = words[set + VICTIM];
        words[set + VICTIM] = ways - 1L - victim;
        return way(set, (int) victim);
    }

    /** Drops everything. */
    public void invalidateAll() {
        invalidate(tag -> true, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Drops the entries with this tag for any byte of {@code first … last}, which are signed. */
    public void invalidate(long tag, long first, long last) {
        epoch.incrementAndGet();
        if (words.length == 0) {
            return;
        }
        for (long left = sizes.get(); left != 0; left &= left - 1) {
            int shift = Long.numberOfTrailingZeros(left);
            long steps = (last >> shift) - (first >> shift);
            if (steps >= words.length / WORDS_PER_SET) {
                sweep(other -> other == tag, first, last);
                return;
            }
            long page = page(first, shift);
            for (long step = 0; step <= steps; step++) {
                drop(page, tag);
                page += 1L << shift;
            }
        }
    }

    /** Drops the entries with a tag that matches, for any byte of {@code first … last}, which are signed. */
    public void invalidate(LongPredicate tags, long first, long last) {
        epoch.incrementAndGet();
        sweep(tags, first, last);
    }

    private void drop(long page, long tag) {
        int set = set(page, tag);
        if (!mayHold(set, page, tag)) {
            return;
        }
        long sequence = own(set);
        for (int way = 0; way < ways; way++) {
            int at = way(set, way);
            if (words[at] == page && words[at + 1] == tag) {
                clear(at);
            }
        }
        disown(set, sequence);
    }

    /** Whether an entry is there, or someone is writing. A fill that begins later sees the new epoch and gives up. */
    private boolean mayHold(int set, long page, long tag) {
        if (isOwned((long) WORDS.getVolatile(words, set))) {
            return true;
        }
        for (int way = 0; way < ways; way++) {
            int at = way(set, way);
            if ((long) WORDS.getVolatile(words, at) == page && (long) WORDS.getVolatile(words, at + 1) == tag) {
                return true;
            }
        }
        return false;
    }

    /** Visits all sets, for what cannot be found by hashing. */
    private void sweep(LongPredicate tags, long first, long last) {
        for (int set = 0; set < words.length; set += WORDS_PER_SET) {
            long sequence = own(set);
            for (int way = 0; way < ways; way++) {
                int at = way(set, way);
                if (overlaps(words[at], first, last) && tags.test(words[at + 1])) {
                    clear(at);
                }
            }
            disown(set, sequence);
        }
    }

    private static boolean overlaps(long page, long first, long last) {
        int shift = (int) (page & ((1L << LOG2_SIZES) - 1));
        long start = page - shift;
        return page != 0 && start <= last && start + (1L << shift) - 1 >= first;
    }

    private void clear(int at) {
        Arrays.fill(words, at, at + WORDS_PER_WAY, 0);
    }

    private static boolean isOwned(long sequence) {
        return sequence % 2 != 0;
    }

    /** Becomes the owner of a set; others own it for a few stores only. */
    private long own(int set) {
        while (true) {
            long sequence = (long) WORDS.getVolatile(words, set);
            if (!isOwned(sequence) && own(set, sequence)) {
                return sequence;
            }
            Thread.onSpinWait();
        }
    }

    private boolean own(int set, long sequence) {
        boolean owned = WORDS.compareAndSet(words, set, sequence, sequence + 1);
        // A reader that sees any of the owner's stores also sees the odd sequence.
        VarHandle.storeStoreFence();
        return owned;
    }

    /** Volatile: what an invalidation has dropped is seen by who enters a section after its completion. */
    private void disown(int set, long sequence) {
        WORDS.setVolatile(words, set, sequence + 2);
    }

    /** A page word: never 0, as no entry is for one byte. */
    private static long page(long address, int shift) {
        return (address & -(1L << shift)) + shift;
    }

    private static int way(int set, int way) {
        return set + 1 + way * WORDS_PER_WAY;
    }

    private int set(long page, long tag) {
        long spread = (page + tag * TAG_SPREAD) * PAGE_SPREAD;
        // In two steps, as a shift by 64 would be none.
        return (int) ((spread >>> 1) >>> hashShift) * WORDS_PER_SET;
    }
}
