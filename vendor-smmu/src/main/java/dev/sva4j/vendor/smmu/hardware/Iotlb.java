package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.vendor.smmu.layout.VirtualAddress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A translation cache of stage 1 (§3.17): two ways per set, one set per cache line, no lock on a hit. One instance
 * holds finished translations, another one what walks know of last-level tables.
 *
 * <pre>
 *   set:   | sequence | page, tag, word | page, tag, word | next victim |
 *   page = first address, and log2 of the size in the low bits that the address leaves free
 *   tag  = whose it is, see AsidTags
 *   word = what is cached: a Leaf
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
 * <p>Sizes that occur are few: a look-up probes one set for each that has been filled since the start.
 */
final class Iotlb {
    /** The answer of {@link #find} if there is no entry; no {@link Leaf} is 0. */
    static final long MISS = 0;

    /** Any ASID, for {@link #invalidate}. */
    static final int ANY_ASID = -1;

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
    private final AsidTags tags;

    /** Number of invalidations started, here or in another cache: sampled before a walk, checked by the fill. */
    private final AtomicLong epoch;

    /** Sizes that have been filled, bit n for 2^n bytes. Set before the fill checks the epoch, never cleared. */
    private final AtomicLong sizes = new AtomicLong();

    /** Whether a global entry has been filled; set and read like {@link #sizes}, never cleared. */
    private volatile boolean globals;

    /** A cache of at most {@code capacity} entries. */
    Iotlb(int capacity, AsidTags tags, AtomicLong epoch) {
        int entries = capacity == Behaviour.UNBOUNDED ? MANY : Integer.highestOneBit(Math.min(capacity, MANY));
        this.ways = Math.min(2, entries);
        int sets = ways == 0 ? 0 : entries / ways;
        this.words = new long[sets * WORDS_PER_SET];
        this.hashShift = Long.SIZE - 1 - Integer.numberOfTrailingZeros(Math.max(1, sets));
        this.tags = tags;
        this.epoch = epoch;
    }

    /** What is cached for {@code address}, or {@link #MISS}. */
    long find(ContextConfig cd, long address) {
        if (words.length == 0) {
            return MISS;
        }
        long canonical = canonical(address, cd);
        long word = find(tags.of(cd.asid), canonical);
        return word == MISS && globals ? find(AsidTags.global(cd.aset), canonical) : word;
    }

    private long find(long tag, long canonical) {
        for (long left = sizes.getPlain(); left != 0; left &= left - 1) {
            long word = probe(page(canonical, Long.numberOfTrailingZeros(left)), tag);
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
     * @param tag of the ASID, taken after the epoch and before the walk
     * @param sampledEpoch sampled before the CD was looked up
     */
    void fill(ContextConfig cd, long tag, long address, long word, long sampledEpoch) {
        if (words.length == 0) {
            return;
        }
        int shift = Leaf.shift(word);
        long size = 1L << shift;
        if ((sizes.getPlain() & size) == 0) {
            sizes.getAndUpdate(known -> known | size);
        }
        boolean global = Leaf.isGlobal(word);
        if (global) {
            globals = true;
        }
        long page = page(canonical(address, cd), shift);
        long owner = global ? AsidTags.global(cd.aset) : tag;
        int set = set(page, owner);
        long sequence = (long) WORDS.getVolatile(words, set);
        if (isOwned(sequence) || !own(set, sequence)) {
            return;
        }
        if (epoch.get() == sampledEpoch) {
            int at = wayToFill(set, page, owner);
            words[at] = page;
            words[at + 1] = owner;
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
    void invalidateAll() {
        epoch.incrementAndGet();
        for (int set = 0; set < words.length; set += WORDS_PER_SET) {
            long sequence = own(set);
            for (int way = 0; way < ways; way++) {
                clear(way(set, way));
            }
            disown(set, sequence);
        }
    }

    /**
     * Drops every entry for a byte of {@code [address, address + bytes)}.
     *
     * @param asid whose entries, and global ones; or {@link #ANY_ASID}
     * @param bytes at least 1
     */
    void invalidate(int asid, long address, long bytes) {
        epoch.incrementAndGet();
        if (words.length == 0) {
            return;
        }
        long first = VirtualAddress.withoutTopByte(address);
        long end = first + bytes - 1;
        long last = end < first ? Long.MAX_VALUE : end;
        for (long left = sizes.get(); left != 0; left &= left - 1) {
            int shift = Long.numberOfTrailingZeros(left);
            long steps = (last >> shift) - (first >> shift);
            if (asid == ANY_ASID || steps >= words.length / WORDS_PER_SET) {
                sweep(asid, first, last);
                return;
            }
            long page = page(first, shift);
            for (long step = 0; step <= steps; step++) {
                drop(page, tags.of(asid));
                if (globals) {
                    drop(page, AsidTags.global(false));
                    drop(page, AsidTags.global(true));
                }
                page += 1L << shift;
            }
        }
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
    private void sweep(int asid, long first, long last) {
        for (int set = 0; set < words.length; set += WORDS_PER_SET) {
            long sequence = own(set);
            for (int way = 0; way < ways; way++) {
                int at = way(set, way);
                boolean matches = asid == ANY_ASID || AsidTags.serves(words[at + 1], asid);
                if (matches && overlaps(words[at], first, last)) {
                    clear(at);
                }
            }
            disown(set, sequence);
        }
    }

    private static boolean overlaps(long page, long first, long last) {
        int shift = (int) Leaf.offset(page, LOG2_SIZES);
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

    /** The address as the tables see it: with TBI the top byte repeats bit 55. */
    private static long canonical(long address, ContextConfig cd) {
        return cd.half(address).ignoreTopByte() ? VirtualAddress.withoutTopByte(address) : address;
    }

    /** A page word: never 0, as no entry is for one byte. */
    private static long page(long address, int shift) {
        return address - Leaf.offset(address, shift) + shift;
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
