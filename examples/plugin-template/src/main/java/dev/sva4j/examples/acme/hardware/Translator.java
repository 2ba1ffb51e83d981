package dev.sva4j.examples.acme.hardware;

import dev.sva4j.examples.acme.layout.Event;
import dev.sva4j.examples.acme.layout.Paging;
import dev.sva4j.examples.acme.layout.PasidTable;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.hardware.TranslationCache;
import java.util.concurrent.atomic.AtomicLong;

/** From a request to a {@link Leaf} or a {@link Refusal}. A hit in the caches takes no lock and allocates nothing. */
final class Translator {
    private static final long QUIET = Refusal.of(Refusal.QUIET, false);

    /**
     * Number of invalidations started. Sampled before anything is looked at; what is found comes into a cache only if none has
     * started since, so what an invalidation meant to drop cannot come in behind it.
     */
    private final AtomicLong epoch = new AtomicLong();

    final EntryCache entries;
    private final TranslationCache iotlb;
    private final PageWalk walk;
    private final boolean speculative;
    /** CONTROL.ENABLE. */
    private volatile boolean enabled;

    Translator(PhysicalMemory memory, Behaviour behaviour) {
        this.entries = new EntryCache(memory, behaviour, epoch);
        this.iotlb = new TranslationCache(behaviour.tlbEntries(), epoch);
        this.walk = new PageWalk(memory);
        this.speculative = behaviour.speculativeFill();
    }

    long translate(int requester, int pasid, long address, Operation operation) {
        long sampled = epoch.get();
        if (!enabled) {
            return QUIET;
        }
        long entry = entries.find(requester, pasid, sampled);
        if (Refusal.is(entry)) {
            return entry;
        }
        return switch ((int) PasidTable.MODE.get(entry)) {
            case PasidTable.TRANSLATED -> translate(entry, address, operation, sampled);
            case PasidTable.IDENTITY ->
                Paging.isOutput(address) ? Leaf.identity(address) : Refusal.of(Event.NOT_PRESENT, false);
            case PasidTable.QUIET -> QUIET;
            default -> Refusal.of(Event.BAD_PASID, false);
        };
    }

    private long translate(long entry, long address, Operation operation, long sampled) {
        long hit = iotlb.find(PasidTable.TAG.get(entry), address);
        if (hit != TranslationCache.MISS && !Leaf.allows(hit, operation)) {
            return Refusal.of(Event.PERMISSION, PasidTable.STALL.isSet(entry));
        }
        if (hit != TranslationCache.MISS && (Leaf.isDirty(hit) || !operation.writes())) {
            return hit;
        }
        long leaf = walkAndKeep(entry, address, operation, sampled);
        if (speculative && !Refusal.is(leaf)) {
            walkAndKeep(entry, address ^ (1L << Leaf.shift(leaf)), Operation.READ, sampled);
        }
        return leaf;
    }

    private long walkAndKeep(long entry, long address, Operation operation, long sampled) {
        long leaf = walk.walk(entry, address, operation);
        if (!Refusal.is(leaf)) {
            iotlb.fill(PasidTable.TAG.get(entry), address, Leaf.shift(leaf), leaf, sampled);
        }
        return leaf;
    }

    void invalidate(long tag, long first, long last) {
        iotlb.invalidate(tag, first, last);
    }

    boolean isEnabled() {
        return enabled;
    }

    /** Off, nothing stays in a cache. */
    void enable(boolean on) {
        enabled = on;
        if (!on) {
            entries.invalidateAll();
            iotlb.invalidateAll();
        }
    }
}
