package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.A;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.ADDRESS_4K;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.D;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.IW;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.PS;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.R;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.SNP;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.W;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.TranslationCache;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.FaultReason;
import dev.sva4j.vendor.vtd.layout.HostAddress;
import dev.sva4j.vendor.vtd.layout.PagingStructure;
import dev.sva4j.vendor.vtd.layout.SecondStageEntry;

/**
 * The walk of second-stage tables (3.7, 9.8), of legacy context entries and of PASID table entries. Levels count from
 * 0, the page table.
 *
 * <p>Order of faults: address too wide; then for each entry: fetch, not present, reserved bits; for the leaf: no right
 * left, read, write, interrupt range; flags, which are kept only with SSADE. A request that fails at the leaf leaves the
 * leaf alone.
 *
 * <p>A walk begins at the last-level table if the paging-structure cache knows it. It allocates nothing.
 */
final class SecondStageWalk {
    private static final long NOT_SNOOPED = Fault.of(FaultReason.SSS_5);
    private static final long UPDATE_FAILED = Fault.of(FaultReason.SSS_6);

    private final PhysicalMemory memory;
    private final Features features;
    private final Caches caches;
    private final boolean largePages2M;
    private final boolean largePages1G;

    SecondStageWalk(PhysicalMemory memory, Features features, Caches caches) {
        this.memory = memory;
        this.features = features;
        this.caches = caches;
        this.largePages2M = CapabilityRegister.secondStage2M(features.registers.cap());
        this.largePages1G = CapabilityRegister.secondStage1G(features.registers.cap());
    }

    /**
     * Translates {@code address} for a request: a {@link Leaf} that allows it, which then is cached, or a {@link Fault}.
     *
     * @param epoch sampled before {@code entry} was looked up
     */
    long walk(TranslationEntry entry, long address, int request, long epoch) {
        if (!HostAddress.fits(address, entry.inputBits)) {
            return entry.faults.inputTooWide;
        }
        long tag = Caches.domainTag(entry.did);
        long table = caches.secondStageTables.find(tag, address);
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
                return level == entry.levels - 1 ? entry.faults.rootFetch : entry.faults.fetch;
            }
            if (!SecondStageEntry.isPresent(word)) {
                return entry.faults.notPresent(request);
            }
            if ((word & reserved(word, level)) != 0) {
                return entry.faults.reserved;
            }
            boolean leaf = level == 0 || PS.isSet(word);
            long next = next(table, word, level);
            boolean dirty = false;
            if (leaf) {
                long fault = fault(entry, next, address, request);
                if (fault != 0) {
                    return fault;
                }
                dirty = !entry.flags || D.isSet(word) || Permissions.dirties(entry, next, request);
                next = Leaf.DIRTY.put(next, dirty);
            }
            long marked = entry.flags ? mark(word, leaf && dirty) : word;
            if (marked != word) {
                if (!entry.snooped) {
                    return NOT_SNOOPED;
                }
                try {
                    if (!memory.compareAndSet(at, word, marked)) {
                        // Software was faster: look at what it has made of the entry.
                        continue;
                    }
                } catch (MemoryAbortException e) {
                    return UPDATE_FAILED;
                }
            }
            if (leaf) {
                caches.secondStage.fill(Caches.tag(entry.did, entry.pasid), address, Leaf.shift(next), next, epoch);
                return next;
            }
            table = next;
            level--;
            if (level == 0) {
                caches.secondStageTables.fill(tag, address, Leaf.shift(table), table, epoch);
            }
        }
    }

    private static long fault(TranslationEntry entry, long leaf, long address, int request) {
        // The levels may each allow something, and together nothing.
        if (!Leaf.READABLE.isSet(leaf) && !Leaf.WRITABLE.isSet(leaf)) {
            return entry.faults.notPresent(request);
        }
        return Permissions.fault(entry, leaf, address, request);
    }

    /** The bits that must be 0 in an entry like this (9.8). IW is reserved without SSIRWE. */
    private long reserved(long word, int level) {
        boolean large = level > 0 && PS.isSet(word);
        long reserved = features.hostReserved | IW.mask();
        if (large) {
            boolean canBeLeaf = (level == PagingStructure.DIRECTORY && largePages2M)
                    || (level == PagingStructure.DIRECTORY_POINTER && largePages1G);
            reserved |= canBeLeaf ? PagingStructure.offsetBits(level) : PS.mask();
        }
        boolean leaf = level == 0 || large;
        return leaf && features.snoopControl ? reserved : reserved | SNP.mask();
    }

    /** Where an entry leads, and what it and those above it allow. */
    private static long next(long table, long word, int level) {
        long flags = Leaf.flags(table);
        flags = R.isSet(word) ? flags : Leaf.READABLE.clear(flags);
        flags = W.isSet(word) ? flags : Leaf.WRITABLE.clear(flags);
        boolean large = level > 0 && PS.isSet(word);
        long below = large ? PagingStructure.offsetBits(level) : 0;
        return Leaf.of(ADDRESS_4K.getAddress(word) & ~below, PagingStructure.shift(level), flags);
    }

    /** The entry with the flags that its use leaves (3.7.2). */
    private static long mark(long word, boolean dirty) {
        long marked = A.put(word, true);
        return dirty ? D.put(marked, true) : marked;
    }
}
