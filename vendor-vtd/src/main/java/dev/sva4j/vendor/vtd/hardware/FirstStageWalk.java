package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.spi.pagetable.X86_64Layout.A;
import static dev.sva4j.spi.pagetable.X86_64Layout.ADDRESS_4K;
import static dev.sva4j.spi.pagetable.X86_64Layout.D;
import static dev.sva4j.spi.pagetable.X86_64Layout.EA;
import static dev.sva4j.spi.pagetable.X86_64Layout.P;
import static dev.sva4j.spi.pagetable.X86_64Layout.PAT_LARGE;
import static dev.sva4j.spi.pagetable.X86_64Layout.PS;
import static dev.sva4j.spi.pagetable.X86_64Layout.RW;
import static dev.sva4j.spi.pagetable.X86_64Layout.US;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.TranslationCache;
import dev.sva4j.vendor.vtd.layout.FaultReason;
import dev.sva4j.vendor.vtd.layout.PagingStructure;

/**
 * The walk of first-stage tables (3.6, 9.7). Levels count from 0, the page table.
 *
 * <p>Order of faults, of which the manual fixes only the first: not canonical; then for each entry: fetch, not present,
 * reserved bits; for the leaf: user, write, interrupt range; flags. A is set in every entry on the way as it is used, D
 * in the leaf of a permitted write together with A; both by compare-and-set, so that an update races with the CPU as
 * one of its own would. A request that fails at the leaf leaves the leaf alone.
 *
 * <p>A walk begins at the last-level table if the paging-structure cache knows it. It allocates nothing.
 */
final class FirstStageWalk {
    private static final long TOP_FETCH = Fault.of(FaultReason.SFS_4);
    private static final long FETCH = Fault.of(FaultReason.SFS_1);
    private static final long NOT_PRESENT = Fault.of(FaultReason.SFS_2);
    private static final long RESERVED = Fault.of(FaultReason.SFS_3);
    private static final long NOT_CANONICAL = Fault.of(FaultReason.SGN_1);
    private static final long NOT_SNOOPED = Fault.of(FaultReason.SFS_9);
    private static final long UPDATE_FAILED = Fault.of(FaultReason.SFS_10);

    private final PhysicalMemory memory;
    private final Features features;
    private final Caches caches;

    FirstStageWalk(PhysicalMemory memory, Features features, Caches caches) {
        this.memory = memory;
        this.features = features;
        this.caches = caches;
    }

    /**
     * Translates {@code address} for a request: a {@link Leaf} that allows it, which then is cached, or a {@link Fault}.
     *
     * @param epoch sampled before {@code entry} was looked up
     */
    long walk(TranslationEntry entry, long address, int request, long epoch) {
        if (!PagingStructure.isCanonical(address, entry.levels)) {
            return NOT_CANONICAL;
        }
        long tag = Caches.tag(entry.did, entry.pasid);
        long table = caches.firstStageTables.find(tag, address);
        int level = 0;
        if (table == TranslationCache.MISS) {
            level = entry.levels - 1;
            table = Leaf.of(entry.table, PagingStructure.shift(level), Leaf.EVERYTHING);
        }
        while (true) {
            long at = PagingStructure.entryAddress(Leaf.base(table), address, level);
            long word;
            try {
                word = memory.loadAcquire(at);
            } catch (MemoryAbortException e) {
                return level == entry.levels - 1 ? TOP_FETCH : FETCH;
            }
            long fault = check(word, level);
            if (fault != 0) {
                return fault;
            }
            boolean leaf = level == 0 || PS.isSet(word);
            long next = next(table, word, level);
            boolean dirty = false;
            if (leaf) {
                fault = Permissions.fault(entry, next, address, request);
                if (fault != 0) {
                    return fault;
                }
                dirty = D.isSet(word) || Permissions.dirties(entry, next, request);
                next = Leaf.DIRTY.put(next, dirty);
            }
            long marked = mark(entry, word, leaf && dirty);
            if (marked != word) {
                if (!entry.snooped) {
                    return NOT_SNOOPED;
                }
                try {
                    if (!memory.compareAndSet(at, word, marked)) {
                        // The CPU was faster: look at what it has made of the entry.
                        continue;
                    }
                } catch (MemoryAbortException e) {
                    return UPDATE_FAILED;
                }
            }
            if (leaf) {
                caches.firstStage.fill(tag, address, Leaf.shift(next), next, epoch);
                return next;
            }
            table = next;
            level--;
            if (level == 0) {
                caches.firstStageTables.fill(tag, address, Leaf.shift(table), table, epoch);
            }
        }
    }

    /** Not present or reserved bits, or 0 (9.7). */
    private long check(long word, int level) {
        if (!P.isSet(word)) {
            return NOT_PRESENT;
        }
        long reserved = features.hostReserved;
        if (level > 0 && PS.isSet(word)) {
            boolean canBeLeaf = level == PagingStructure.DIRECTORY
                    || (level == PagingStructure.DIRECTORY_POINTER && features.gigabytePages);
            reserved |= canBeLeaf ? PAT_LARGE.clear(PagingStructure.offsetBits(level)) : PS.mask();
        }
        return (word & reserved) == 0 ? 0 : RESERVED;
    }

    /** Where an entry leads, and what it and those above it allow. */
    private static long next(long table, long word, int level) {
        long flags = Leaf.flags(table);
        flags = RW.isSet(word) ? flags : Leaf.WRITABLE.clear(flags);
        flags = US.isSet(word) ? flags : Leaf.USER.clear(flags);
        boolean large = level > 0 && PS.isSet(word);
        long below = large ? PagingStructure.offsetBits(level) : 0;
        return Leaf.of(ADDRESS_4K.getAddress(word) & ~below, PagingStructure.shift(level), flags);
    }

    /** The entry with the flags that its use leaves (3.6.2). */
    private static long mark(TranslationEntry entry, long word, boolean dirty) {
        long marked = A.put(word, true);
        marked = entry.extendedAccessed ? EA.put(marked, true) : marked;
        return dirty ? D.put(marked, true) : marked;
    }
}
