package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.hardware.TranslationCache;
import dev.sva4j.vendor.smmu.layout.VirtualAddress;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A translation cache of stage 1 (§3.17): what its tags and words are, and whom an invalidation concerns. One instance
 * holds finished translations, another one what walks know of last-level tables; the words are {@link Leaf}s, the tags
 * {@link AsidTags}.
 */
final class Iotlb {
    /** The answer of {@link #find} if there is no entry; no {@link Leaf} is 0. */
    static final long MISS = TranslationCache.MISS;

    /** Any ASID, for {@link #invalidate}. */
    static final int ANY_ASID = -1;

    private final TranslationCache cache;
    private final AsidTags tags;

    /** Whether a global entry has been filled. Set before the fill checks the epoch, never cleared. */
    private volatile boolean globals;

    /** A cache of at most {@code capacity} entries. */
    Iotlb(int capacity, AsidTags tags, AtomicLong epoch) {
        this.cache = new TranslationCache(capacity, epoch);
        this.tags = tags;
    }

    /** What is cached for {@code address}, or {@link #MISS}. */
    long find(ContextConfig cd, long address) {
        long canonical = canonical(address, cd);
        long word = cache.find(tags.of(cd.asid), canonical);
        return word == MISS && globals ? cache.find(AsidTags.global(cd.aset), canonical) : word;
    }

    /**
     * Keeps the result of a walk, unless an invalidation has started since.
     *
     * @param tag of the ASID, taken after the epoch and before the walk
     * @param sampledEpoch sampled before the CD was looked up
     */
    void fill(ContextConfig cd, long tag, long address, long word, long sampledEpoch) {
        boolean global = Leaf.isGlobal(word);
        if (global) {
            globals = true;
        }
        long owner = global ? AsidTags.global(cd.aset) : tag;
        cache.fill(owner, canonical(address, cd), Leaf.shift(word), word, sampledEpoch);
    }

    /** Drops everything. */
    void invalidateAll() {
        cache.invalidateAll();
    }

    /**
     * Drops every entry for a byte of {@code [address, address + bytes)}.
     *
     * @param asid whose entries, and global ones; or {@link #ANY_ASID}
     * @param bytes at least 1
     */
    void invalidate(int asid, long address, long bytes) {
        long first = VirtualAddress.withoutTopByte(address);
        long end = first + bytes - 1;
        long last = end < first ? Long.MAX_VALUE : end;
        if (asid == ANY_ASID) {
            cache.invalidate(tag -> true, first, last);
            return;
        }
        // Entries of earlier generations match no more; they need not be dropped.
        cache.invalidate(tags.of(asid), first, last);
        if (globals) {
            cache.invalidate(AsidTags.global(false), first, last);
            cache.invalidate(AsidTags.global(true), first, last);
        }
    }

    /** The address as the tables see it: with TBI the top byte repeats bit 55. */
    private static long canonical(long address, ContextConfig cd) {
        return cd.half(address).ignoreTopByte() ? VirtualAddress.withoutTopByte(address) : address;
    }
}
