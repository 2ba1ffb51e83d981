package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.smmu.layout.VirtualAddress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The TLB of stage 1 (§3.17): two ways per set, one set per cache line, no lock on a hit.
 *
 * <pre>
 *   set:    | sequence | page, context, leaf | page, context, leaf | next victim |
 *   page    = first address of the leaf, and log2 of its size in the low bits that the address leaves free
 *   context = ASID and its generation; for global leaves ASET instead
 * </pre>
 *
 * <p><b>Readers</b> take the sequence of the set, look, and take it again: an odd or changed one is a miss, and a miss is always
 * right. Looking at the tag twice instead would be wrong: the way may go from X to Y and back to X in between.
 * <b>Writers</b> own a set while they have made its sequence odd by compare-and-set. A <b>fill</b> gives up if it cannot, or if an
 * invalidation has started since its walk began; an <b>invalidation</b> counts itself in {@link #epoch} first and then visits the
 * sets, so whatever a fill put there before is found, and whatever comes later is refused. Invalidating an ASID starts a new
 * generation of it: old entries match no more.
 *
 * <p>Sizes that occur are few: a look-up probes one set for each that has been filled since the start.
 */
final class Iotlb {
    /** The answer of {@link #find} if there is no entry; no {@link Leaf} is 0. */
    static final long MISS = 0;

    /** Any ASID, for {@link #invalidate}. */
    static final int ANY_ASID = -1;

    /** Entries of a TLB that is to keep everything. */
    private static final int MANY = 1 << 14;

    private static final int ASIDS = 1 << 16;

    /** Bits of a page word that hold log2 of its size. */
    private static final int LOG2_SIZES = 6;

    private static final int WORDS_PER_SET = 8;
    private static final int WORDS_PER_WAY = 3;
    private static final int VICTIM = 7;
    private static final long PAGE_SPREAD = 0x9e3779b97f4a7c15L;
    private static final long CONTEXT_SPREAD = 0xd6e8feb86659fd93L;

    private static final String CONTEXT = "TLB context";
    private static final BitField ASID = BitField.of(CONTEXT, "ASID", 0, 15, 0, "address space");
    private static final BitField GLOBAL = BitField.bit(CONTEXT, "global", 0, 16, "any ASID");
    private static final BitField ASET = BitField.bit(CONTEXT, "ASET", 0, 17, "of global entries");
    private static final BitField GENERATION = BitField.of(CONTEXT, "generation", 0, 63, 18, "of the ASID");

    private static final long NEXT_GENERATION = GENERATION.encode(1);

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    /** The sets, or empty with capacity 0. Any thread reads; the owner of a set writes it. */
    private final long[] words;

    private final int sets;
    private final int ways;
    private final int hashShift;

    /** Context word of each ASID as it is now. Changed by invalidations only, atomically. */
    private final AtomicLongArray contexts;

    /** Number of invalidations started: sampled before a walk, checked by the fill. */
    private final AtomicLong epoch = new AtomicLong();

    /** Sizes that have been filled, bit n for 2^n bytes. Set before the fill checks the epoch, never cleared. */
    private final AtomicLong sizes = new AtomicLong();

    /** Whether a global leaf has been filled; set and read like {@link #sizes}, never cleared. */
    private volatile boolean globals;

    /** A TLB of at most {@code capacity} entries. */
    Iotlb(int capacity) {
        int entries = capacity == Behaviour.UNBOUNDED ? MANY : Integer.highestOneBit(Math.min(capacity, MANY));
        this.ways = Math.min(2, entries);
        this.sets = ways == 0 ? 0 : entries / ways;
        this.words = new long[sets * WORDS_PER_SET];
        this.hashShift = Long.SIZE - 1 - Integer.numberOfTrailingZeros(Math.max(1, sets));
        this.contexts = new AtomicLongArray(entries == 0 ? 0 : ASIDS);
        for (int asid = 0; asid < contexts.length(); asid++) {
            contexts.setPlain(asid, ASID.encode(asid));
        }
    }

    /** To be sampled before a translation looks at anything that it could fill in. */
    long epoch() {
        return epoch.get();
    }

    /** The leaf that translates {@code address}, or {@link #MISS}. */
    long find(ContextConfig cd, long address) {
        if (sets == 0) {
            return MISS;
        }
        long canonical = canonical(address, cd);
        long leaf = find(contexts.get(cd.asid), canonical);
        return leaf == MISS && globals ? find(globalContext(cd.aset), canonical) : leaf;
    }

    private long find(long context, long canonical) {
        for (long left = sizes.getPlain(); left != 0; left &= left - 1) {
            int shift = Long.numberOfTrailingZeros(left);
            long leaf = probe(page(canonical, shift), context);
            if (leaf != MISS) {
                return leaf;
            }
        }
        return MISS;
    }

    private long probe(long page, long context) {
        int set = set(page, context);
        // Volatile, not merely acquire: it must not pass the counting of the section that this access runs in.
        long sequence = (long) WORDS.getVolatile(words, set);
        if (sequence % 2 != 0) {
            return MISS;
        }
        for (int way = 0; way < ways; way++) {
            int at = way(set, way);
            if ((long) WORDS.getAcquire(words, at) == page && (long) WORDS.getAcquire(words, at + 1) == context) {
                long leaf = (long) WORDS.getAcquire(words, at + 2);
                return (long) WORDS.getVolatile(words, set) == sequence ? leaf : MISS;
            }
        }
        return MISS;
    }

    /** The context word to {@linkplain #fill fill} with; to be taken before the walk. */
    long context(ContextConfig cd) {
        return sets == 0 ? 0 : contexts.get(cd.asid);
    }

    /**
     * Keeps the result of a walk, unless an invalidation has started since.
     *
     * @param context of the CD, taken after the epoch and before the walk
     * @param sampledEpoch sampled before the CD was looked up
     */
    void fill(ContextConfig cd, long context, long address, long leaf, long sampledEpoch) {
        if (sets == 0) {
            return;
        }
        int shift = Leaf.shift(leaf);
        long size = 1L << shift;
        if ((sizes.getPlain() & size) == 0) {
            sizes.getAndUpdate(known -> known | size);
        }
        boolean global = Leaf.isGlobal(leaf);
        if (global) {
            globals = true;
        }
        long page = page(canonical(address, cd), shift);
        long tag = global ? globalContext(cd.aset) : context;
        int set = set(page, tag);
        long sequence = (long) WORDS.getVolatile(words, set);
        if (sequence % 2 != 0 || !WORDS.compareAndSet(words, set, sequence, sequence + 1)) {
            return;
        }
        // A reader that sees any of the following stores also sees the odd sequence.
        VarHandle.storeStoreFence();
        if (epoch.get() == sampledEpoch) {
            int at = wayToFill(set, page, tag);
            WORDS.setOpaque(words, at, page);
            WORDS.setOpaque(words, at + 1, tag);
            WORDS.setOpaque(words, at + 2, leaf);
        }
        WORDS.setVolatile(words, set, sequence + 2);
    }

    private int wayToFill(int set, long page, long context) {
        int free = -1;
        for (int way = 0; way < ways; way++) {
            int at = way(set, way);
            if (words[at] == page && words[at + 1] == context) {
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
        words[set + VICTIM] = victim + 1;
        return way(set, (int) (victim % ways));
    }

    /** Drops the non-global entries of an ASID. */
    void invalidateAsid(int asid) {
        epoch.incrementAndGet();
        if (sets != 0) {
            // Never wraps: 2^46 generations.
            contexts.getAndAdd(asid, NEXT_GENERATION);
        }
    }

    /** Drops everything. */
    void invalidateAll() {
        epoch.incrementAndGet();
        for (int set = 0; set < words.length; set += WORDS_PER_SET) {
            long sequence = lock(set);
            for (int way = 0; way < ways; way++) {
                clear(way(set, way));
            }
            WORDS.setVolatile(words, set, sequence + 2);
        }
    }

    /**
     * Drops every entry that translates a byte of {@code [address, address + bytes)}.
     *
     * @param asid whose entries, and global ones; or {@link #ANY_ASID}
     * @param bytes at least 1
     */
    void invalidate(int asid, long address, long bytes) {
        epoch.incrementAndGet();
        if (sets == 0) {
            return;
        }
        long first = VirtualAddress.withoutTopByte(address);
        long last = first + bytes - 1;
        if (last < first) {
            last = Long.MAX_VALUE;
        }
        for (long left = sizes.get(); left != 0; left &= left - 1) {
            int shift = Long.numberOfTrailingZeros(left);
            long firstPage = page(first, shift);
            long steps = (page(last, shift) - firstPage) >>> shift;
            if (asid == ANY_ASID || steps >= sets) {
                sweep(asid, first, last);
                return;
            }
            for (long step = 0; step <= steps; step++) {
                long page = firstPage + (step << shift);
                drop(page, contexts.get(asid));
                if (globals) {
                    drop(page, globalContext(false));
                    drop(page, globalContext(true));
                }
            }
        }
    }

    private void drop(long page, long context) {
        int set = set(page, context);
        if (!mayHold(set, page, context)) {
            return;
        }
        long sequence = lock(set);
        for (int way = 0; way < ways; way++) {
            int at = way(set, way);
            if (words[at] == page && words[at + 1] == context) {
                clear(at);
            }
        }
        WORDS.setVolatile(words, set, sequence + 2);
    }

    /** Whether an entry is there, or someone is writing. A fill that begins later sees the new epoch and gives up. */
    private boolean mayHold(int set, long page, long context) {
        if ((long) WORDS.getVolatile(words, set) % 2 != 0) {
            return true;
        }
        for (int way = 0; way < ways; way++) {
            int at = way(set, way);
            if ((long) WORDS.getVolatile(words, at) == page && (long) WORDS.getVolatile(words, at + 1) == context) {
                return true;
            }
        }
        return false;
    }

    /** Visits all sets, for what cannot be found by hashing. */
    private void sweep(int asid, long first, long last) {
        for (int set = 0; set < words.length; set += WORDS_PER_SET) {
            long sequence = lock(set);
            for (int way = 0; way < ways; way++) {
                int at = way(set, way);
                if (translates(words[at], first, last) && belongsTo(asid, words[at + 1])) {
                    clear(at);
                }
            }
            WORDS.setVolatile(words, set, sequence + 2);
        }
    }

    private static boolean translates(long page, long first, long last) {
        int shift = (int) Leaf.offset(page, LOG2_SIZES);
        long start = page - shift;
        return page != 0 && start <= last && start + (1L << shift) - 1 >= first;
    }

    private static boolean belongsTo(int asid, long context) {
        return asid == ANY_ASID || GLOBAL.isSet(context) || ASID.get(context) == asid;
    }

    private void clear(int at) {
        Arrays.fill(words, at, at + WORDS_PER_WAY, 0);
    }

    /** Takes the set; owners hold it for a few stores only. */
    private long lock(int set) {
        while (true) {
            long sequence = (long) WORDS.getVolatile(words, set);
            if (sequence % 2 == 0 && WORDS.compareAndSet(words, set, sequence, sequence + 1)) {
                VarHandle.storeStoreFence();
                return sequence;
            }
            Thread.onSpinWait();
        }
    }

    /** The address as the tables see it: with TBI the top byte repeats bit 55. */
    private static long canonical(long address, ContextConfig cd) {
        return cd.half(address).ignoreTopByte() ? VirtualAddress.withoutTopByte(address) : address;
    }

    /** A page word: never 0, as no leaf has one byte. */
    private static long page(long address, int shift) {
        return (address & (-1L << shift)) + shift;
    }

    private static long globalContext(boolean aset) {
        return GLOBAL.encode(true) | ASET.encode(aset);
    }

    private static int way(int set, int way) {
        return set + 1 + way * WORDS_PER_WAY;
    }

    private int set(long page, long context) {
        long hash = page * PAGE_SPREAD + context * CONTEXT_SPREAD;
        long spread = (hash ^ (hash >>> 32)) * PAGE_SPREAD;
        // In two steps, as a shift by 64 would be none.
        return (int) ((spread >>> 1) >>> hashShift) * WORDS_PER_SET;
    }
}
