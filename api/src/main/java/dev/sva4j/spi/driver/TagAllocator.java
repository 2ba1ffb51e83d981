package dev.sva4j.spi.driver;

import java.util.BitSet;
import org.apiguardian.api.API;

/**
 * Hands out cache tags (ASIDs, domain ids), each to one open context.
 *
 * <p>Cyclic, so that a number rests as long as possible: a missing invalidation shows as a fault rather than as another
 * process's data.
 *
 * <p>Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class TagAllocator {
    /** What {@link #allocate} returns when every tag is taken. */
    public static final int NONE = -1;

    private final int first;
    private final int limit;

    /** Guarded by this object's monitor, which is held for a search and no longer. */
    private final BitSet taken = new BitSet();

    /** Where the search starts; guarded likewise. */
    private int next;

    /**
     * Every tag is free.
     *
     * @param first the first tag that is given out, at least 0; what is below belongs to others
     * @param bits how many bits hardware compares: the last tag is {@code 2^bits - 1}
     */
    public TagAllocator(int first, int bits) {
        this.first = first;
        this.limit = 1 << bits;
        this.next = first;
    }

    /** Takes a free tag, or returns {@link #NONE}. */
    public synchronized int allocate() {
        int tag = taken.nextClearBit(next);
        if (tag >= limit) {
            tag = taken.nextClearBit(first);
        }
        if (tag >= limit) {
            return NONE;
        }
        taken.set(tag);
        next = tag + 1;
        return tag;
    }

    /**
     * Gives a tag back that no cache knows any more.
     *
     * @throws IllegalStateException if it is not taken
     */
    public synchronized void free(int tag) {
        if (!taken.get(tag)) {
            throw new IllegalStateException("tag " + tag + " is not taken");
        }
        taken.clear(tag);
    }
}
