package dev.sva4j.core.pasid;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which PASIDs are in use: a bitmap with summaries on top, changed by compare-and-set only. It does not allocate and
 * takes no lock.
 *
 * <p>Allocation is cyclic next-fit: the search starts after the id that was handed out last, so a number comes back as
 * late as possible and a stale use of it is more likely to be noticed. Id 0 means "no PASID" on every architecture and
 * is never handed out.
 *
 * <p>Thread-safe. {@link #allocate} answers "none" only if at one moment during the call every id of the range was
 * taken, where an id that is being freed counts as taken until {@link #free} returns.
 *
 * <p>How: level 0 has a bit per id, set while it is allocated, and is the truth. A bit of level {@code n + 1} is set
 * when a word of level {@code n} is full. These are hints, for they are changed after the word that they summarize.
 * Whoever fills a word sets the hint and looks at the word again; whoever makes room in a full word clears the hint. So
 * a hint never stays "full" wrongly, but it can be so for a moment, which makes a search miss an id. That is why a
 * search that finds nothing is repeated on level 0, until no id was freed meanwhile: while none is, bits are only set,
 * and having seen all of them set one after the other is as good as having seen them at once. Frees count themselves
 * only while there is such a search, so that ordinary ones share no counter.
 */
public final class PasidBitmap {
    /** PASIDs have 20 bits on PCIe. */
    public static final int MAX_CAPACITY = 1 << 20;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long FULL = -1;
    /** No number was free. */
    static final int NONE = -1;

    private final int capacity;

    /**
     * The levels; the last has one word. Bits beyond the end of a level are set. All accesses to the words are volatile
     * or CAS.
     */
    private final long[][] levels;

    /**
     * The id that was handed out last, 0 at first. Moved forwards by whoever hands out a later one, see
     * {@link #advance}.
     */
    private final AtomicInteger cursor = new AtomicInteger();

    /**
     * Threads that search on level 0. They count themselves before their first look, so whoever frees behind their back
     * sees them.
     */
    private final AtomicInteger searchers = new AtomicInteger();

    /** Ids freed while somebody was searching; counted after the bit is cleared and before {@link #free} returns. */
    private final AtomicLong freesSeen = new AtomicLong();

    /**
     * A bitmap in which no id is allocated.
     *
     * @param capacity ids are {@code 1} to {@code capacity - 1}; at most {@link #MAX_CAPACITY}
     */
    public PasidBitmap(int capacity) {
        if (capacity < 2 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity " + capacity + " is not within 2 to " + MAX_CAPACITY);
        }
        this.capacity = capacity;
        int depth = 1;
        for (int words = words(capacity); words > 1; words = words(words)) {
            depth++;
        }
        levels = new long[depth][];
        int bits = capacity;
        for (int level = 0; level < depth; level++) {
            long[] words = new long[words(bits)];
            if ((bits & 63) != 0) {
                words[words.length - 1] = FULL << bits;
            }
            levels[level] = words;
            bits = words.length;
        }
        levels[0][0] |= 1;
    }

    /** Ids are below this number. */
    public int capacity() {
        return capacity;
    }

    /**
     * Allocates the first free id after the one handed out last, starting over at {@code min} when {@code max} is
     * passed.
     *
     * @param min lowest id wanted, at least 1
     * @param max highest id wanted, below {@link #capacity()}
     * @return the id, or -1 if all of the range are taken
     */
    public int allocate(int min, int max) {
        if (min < 1 || max < min || max >= capacity) {
            throw new IllegalArgumentException(
                    "range " + min + " to " + max + " is empty or not within 1 to " + (capacity - 1));
        }
        int last = cursor.get();
        int start = last < min || last >= max ? min : last + 1;
        int id = takeFirst(start, max);
        if (id == NONE && start > min) {
            id = takeFirst(min, start - 1);
        }
        if (id == NONE) {
            id = takeAnyExactly(min, max);
        }
        if (id != NONE) {
            advance(last, id);
        }
        return id;
    }

    /** Allocates this very id, without moving the place where searches start; false if it is taken. */
    public boolean reserve(int id) {
        check(id);
        return take(id);
    }

    /** Makes an id available again; false if it was not allocated. */
    public boolean free(int id) {
        check(id);
        long[] words = levels[0];
        int word = id >>> 6;
        long bit = 1L << id;
        if (((long) WORDS.getVolatile(words, word) & bit) == 0) {
            return false;
        }
        long old = (long) WORDS.getAndBitwiseAnd(words, word, ~bit);
        if (old == FULL) {
            clearHints(word);
        }
        if (searchers.get() != 0) {
            freesSeen.getAndIncrement();
        }
        return (old & bit) != 0;
    }

    /** Whether the id is allocated or reserved. */
    public boolean isAllocated(int id) {
        check(id);
        return ((long) WORDS.getVolatile(levels[0], id >>> 6) & (1L << id)) != 0;
    }

    /** How many ids are allocated or reserved. Counts bits, and is exact only while nobody changes any. */
    public int allocatedCount() {
        long[] words = levels[0];
        int count = 0;
        for (int word = 0; word < words.length; word++) {
            count += Long.bitCount((long) WORDS.getVolatile(words, word));
        }
        int beyondEnd = (words.length << 6) - capacity;
        return count - beyondEnd - 1;
    }

    @Override
    public String toString() {
        return allocatedCount() + " of " + (capacity - 1) + " PASIDs allocated";
    }

    /** Allocates the first id of {@code [from, to]} that is free as far as the hints tell. */
    private int takeFirst(int from, int to) {
        int id = from;
        while (true) {
            id = nextFree(id, to);
            if (id == NONE) {
                return NONE;
            }
            if (take(id)) {
                return id;
            }
        }
    }

    /** The first id of {@code [from, to]} that is free as far as the hints tell, or {@link #NONE}. */
    private int nextFree(int from, int to) {
        int level = 0;
        int position = from;
        while (true) {
            long[] words = levels[level];
            int word = position >>> 6;
            long free = word < words.length ? ~(long) WORDS.getVolatile(words, word) & (FULL << position) : 0;
            if (free != 0) {
                position = (word << 6) + Long.numberOfTrailingZeros(free);
                if (level == 0) {
                    return position <= to ? position : NONE;
                }
                // Down into a word with room. If it has been filled meanwhile, the search comes up again behind it.
                level--;
                position <<= 6;
            } else if (level == levels.length - 1) {
                return NONE;
            } else {
                // Up, to the summary of the words behind this one.
                level++;
                position = word + 1;
            }
            if (position << (6 * level) > to) {
                return NONE;
            }
        }
    }

    /**
     * Allocates any free id of the range without trusting hints, or answers -1 for certain. Package-private for its
     * test.
     */
    int takeAnyExactly(int min, int max) {
        searchers.getAndIncrement();
        try {
            while (true) {
                long frees = freesSeen.get();
                int id = takeAny(min, max);
                if (id != NONE || freesSeen.get() == frees) {
                    return id;
                }
                Thread.onSpinWait();
            }
        } finally {
            searchers.getAndDecrement();
        }
    }

    /** Allocates the first id of the range that is free when its word is looked at, or answers {@link #NONE}. */
    private int takeAny(int min, int max) {
        int id = min;
        while (id <= max) {
            long free = ~(long) WORDS.getVolatile(levels[0], id >>> 6) & (FULL << id);
            int candidate = (id & ~63) + Long.numberOfTrailingZeros(free);
            if (free == 0 || candidate > max) {
                id = (id | 63) + 1;
            } else if (take(candidate)) {
                return candidate;
            }
        }
        return NONE;
    }

    private boolean take(int id) {
        int word = id >>> 6;
        long bit = 1L << id;
        long old = (long) WORDS.getAndBitwiseOr(levels[0], word, bit);
        if ((old & bit) != 0) {
            return false;
        }
        if ((old | bit) == FULL) {
            setHints(word);
        }
        return true;
    }

    /** Summarizes a word of level 0 that has become full, and upwards as long as that fills the summary. */
    private void setHints(int word) {
        int position = word;
        for (int level = 1; level < levels.length; level++) {
            long bit = 1L << position;
            long old = (long) WORDS.getAndBitwiseOr(levels[level], position >>> 6, bit);
            if ((long) WORDS.getVolatile(levels[level - 1], position) != FULL) {
                // Room was made in between, and whoever made it may have cleared the hint before it was set.
                clearHints(level, position);
                return;
            }
            if ((old | bit) != FULL) {
                return;
            }
            position >>>= 6;
        }
    }

    private void clearHints(int word) {
        clearHints(1, word);
    }

    /**
     * Takes back that the word at {@code position} of the level below is full, and upwards as long as that made a
     * difference.
     */
    private void clearHints(int level, int position) {
        for (; level < levels.length; level++) {
            long old = (long) WORDS.getAndBitwiseAnd(levels[level], position >>> 6, ~(1L << position));
            if (old != FULL) {
                return;
            }
            position >>>= 6;
        }
    }

    /**
     * Moves the cursor to {@code id}, unless it has been moved beyond that meanwhile: of two searches that started at
     * the same place the one that got farther decides.
     */
    private void advance(int start, int id) {
        int now = cursor.get();
        while (distance(start, id) > distance(start, now) && !cursor.compareAndSet(now, id)) {
            now = cursor.get();
        }
    }

    /** Steps from one id forwards to another around all ids. */
    private int distance(int from, int to) {
        return to >= from ? to - from : to - from + capacity;
    }

    private void check(int id) {
        if (id < 1 || id >= capacity) {
            throw new IllegalArgumentException("PASID " + id + " is not within 1 to " + (capacity - 1));
        }
    }

    private static int words(int bits) {
        return (bits + 63) >>> 6;
    }
}
