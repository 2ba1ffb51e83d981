package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.Pasid;
import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.FaultResponse;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From a transaction's StreamID, SubstreamID and address to a {@link Leaf} or a {@link Fault} (§3.4, §7.3.22):
 * configuration, then TLB, then walk, each from its cache if possible. A hit in all of them takes no lock and allocates
 * nothing.
 *
 * <p>Each translation begins by sampling the epoch, the number of invalidations so far in any cache, and what it finds
 * is kept only if that has not changed: nothing read before an invalidation comes into a cache after it. The sample has
 * a second purpose. It is a volatile read after the section that the access runs in was counted; who looked at the
 * counters before has started its invalidations before, so that this read sees them, and what follows sees the tables
 * as they were then or later.
 */
final class Translator {
    private final Features features;
    private final StreamTableWalk streams;
    private final ContextFetch contexts;
    private final TranslationCaches caches;
    private final Stage1Walk walk;
    private final boolean speculative;

    /** Number of invalidations started in any cache. */
    private final AtomicLong invalidations;

    Translator(
            Features features,
            StreamTableWalk streams,
            ContextFetch contexts,
            AtomicLong invalidations,
            TranslationCaches caches,
            Stage1Walk walk,
            Behaviour behaviour) {
        this.features = features;
        this.streams = streams;
        this.contexts = contexts;
        this.invalidations = invalidations;
        this.caches = caches;
        this.walk = walk;
        this.speculative = behaviour.speculativeFill();
    }

    /**
     * Translates for an untranslated access.
     *
     * @param ssid SubstreamID, or {@link Pasid#NONE}
     * @param need what the access needs: bits of {@link Permissions}
     * @return a leaf that allows it, or the fault
     */
    long translate(Settings settings, int sid, int ssid, long address, int need) {
        if (!settings.enabled()) {
            return settings.abortWhileDisabled() || !isOutput(address) ? Fault.SILENT_ABORT : Leaf.identity(address);
        }
        return translateEnabled(settings, sid, ssid, address, need);
    }

    private long translateEnabled(Settings settings, int sid, int ssid, long address, int need) {
        long epoch = invalidations.get();
        StreamConfig stream = streams.find(settings, sid, epoch);
        return switch (stream.kind) {
            case FAULTY -> stream.fault;
            case ABORT -> Fault.SILENT_ABORT;
            case BYPASS -> ssid == Pasid.NONE ? bypass(address) : Fault.of(EventId.C_BAD_SUBSTREAMID);
            case STAGE1 -> translateStage1(stream, ssid, address, need, epoch);
        };
    }

    private long translateStage1(StreamConfig stream, int ssid, long address, int need, long epoch) {
        long index = stream.context(ssid);
        if (Fault.is(index)) {
            return index;
        }
        if (index == StreamConfig.BYPASS_STAGE1) {
            return bypass(address);
        }
        ContextConfig cd = contexts.find(stream, (int) index, epoch);
        if (cd.fault != 0) {
            return cd.fault;
        }
        long cached = caches.leaves.find(cd, address);
        long leaf = cached != Iotlb.MISS ? cached : walk(cd, address, epoch);
        return Fault.is(leaf) || Leaf.allows(leaf, need) ? leaf : cd.fault(EventId.F_PERMISSION);
    }

    /** The leaf for {@code address} from the tables, whatever it allows. */
    private long walk(ContextConfig cd, long address, long epoch) {
        long tag = caches.tag(cd);
        long leaf = walk.walk(cd, address, tag, epoch);
        if (!Fault.is(leaf)) {
            caches.leaves.fill(cd, tag, address, leaf, epoch);
            if (speculative) {
                fillNeighbour(cd, address ^ (1L << Leaf.shift(leaf)), tag, epoch);
            }
        }
        return leaf;
    }

    private void fillNeighbour(ContextConfig cd, long address, long tag, long epoch) {
        long leaf = walk.walk(cd, address, tag, epoch);
        if (!Fault.is(leaf)) {
            caches.leaves.fill(cd, tag, address, leaf, epoch);
        }
    }

    /**
     * Stage 1 is bypassed: the address is what it leads to, if it is one (§3.4). There is no CD whose A, R and S would
     * count.
     */
    private long bypass(long address) {
        return isOutput(address)
                ? Leaf.identity(address)
                : Fault.of(EventId.F_ADDR_SIZE, FaultResponse.ABORT_AND_RECORD);
    }

    /** Whether an address fits OAS; without AArch32, IAS is the same. */
    boolean isOutput(long address) {
        return AddressSize.fits(address, features.outputBits);
    }

    /**
     * The configuration of a stream, for ATS and page requests.
     *
     * <p>What is looked up later by way of it must go through {@link #translateForAts}, which samples an epoch of its
     * own.
     */
    StreamConfig stream(Settings settings, int sid) {
        return streams.find(settings, sid, invalidations.get());
    }

    /** Translates for a translation request of a stream with ATS: the leaf whatever it allows, or the fault (§3.9). */
    long translateForAts(Settings settings, int sid, int ssid, long address) {
        return translateEnabled(settings, sid, ssid, address, 0);
    }
}
