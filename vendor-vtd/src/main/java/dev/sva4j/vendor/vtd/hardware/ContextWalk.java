package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.hardware.StructureFetch;
import dev.sva4j.vendor.vtd.layout.FaultReason;
import dev.sva4j.vendor.vtd.layout.LegacyContextEntry;
import dev.sva4j.vendor.vtd.layout.LegacyRootEntry;
import dev.sva4j.vendor.vtd.layout.RootTable;
import dev.sva4j.vendor.vtd.layout.ScalableContextEntry;
import dev.sva4j.vendor.vtd.layout.ScalableRootEntry;

/** From a requester to its context entry (3.4.2, 3.4.3), through the root table, with the context cache. */
final class ContextWalk {
    private final StructureFetch memory;
    private final Features features;
    private final Caches caches;
    private final boolean speculative;

    ContextWalk(StructureFetch memory, Features features, Caches caches, Behaviour behaviour) {
        this.memory = memory;
        this.features = features;
        this.caches = caches;
        this.speculative = behaviour.speculativeFill();
    }

    /**
     * The context entry of a requester, from the cache or from memory; faulty if there is none.
     *
     * @param settings read after the epoch; of legacy or scalable mode
     * @param epoch sampled before anything else was looked at
     */
    ContextEntry find(Settings settings, int sid, long epoch) {
        ContextEntry cached = caches.contexts.find(Integer.toUnsignedLong(sid));
        if (cached != null) {
            return cached;
        }
        ContextEntry found = fetch(settings, sid, epoch);
        int neighbour = sid ^ 1;
        if (speculative && caches.contexts.find(Integer.toUnsignedLong(neighbour)) == null) {
            fetch(settings, neighbour, epoch);
        }
        return found;
    }

    private ContextEntry fetch(Settings settings, int sid, long epoch) {
        long address = RootTable.entryAddress(settings.rootTable(), Integer.toUnsignedLong(sid));
        boolean scalable = settings.mode() == Settings.Mode.SCALABLE;
        ContextEntry entry = scalable ? scalable(address, sid) : legacy(address, sid);
        if (entry.fault == 0) {
            caches.contexts.fill(Integer.toUnsignedLong(sid), entry, epoch);
        }
        return entry;
    }

    private ContextEntry scalable(long rootEntry, int sid) {
        long requester = Integer.toUnsignedLong(sid);
        long[] root = memory.read(rootEntry, ScalableRootEntry.LAYOUT.words());
        if (root == null) {
            return ContextEntry.faulty(sid, FaultReason.SRT_1, false);
        }
        boolean upper = RootTable.isUpper(requester);
        int word = upper ? ScalableRootEntry.UP.word() : ScalableRootEntry.LP.word();
        long half = root[word];
        if (!(upper ? ScalableRootEntry.UP : ScalableRootEntry.LP).isSet(half)) {
            return ContextEntry.faulty(sid, FaultReason.SRT_2, false);
        }
        long table = (upper ? ScalableRootEntry.UCTP : ScalableRootEntry.LCTP).getAddress(half);
        if ((half & ScalableRootEntry.LAYOUT.reservedMask(word)) != 0 || !features.isHostAddress(table)) {
            return ContextEntry.faulty(sid, FaultReason.SRT_3, false);
        }
        long[] words =
                memory.read(RootTable.scalableContextAddress(table, requester), ScalableContextEntry.LAYOUT.words(), 1);
        return words == null
                ? ContextEntry.faulty(sid, FaultReason.SCT_1, false)
                : ContextEntry.decodeScalable(sid, words, features);
    }

    private ContextEntry legacy(long rootEntry, int sid) {
        long requester = Integer.toUnsignedLong(sid);
        long[] root = memory.read(rootEntry, LegacyRootEntry.LAYOUT.words());
        if (root == null) {
            return ContextEntry.faulty(sid, FaultReason.LRT_1, false);
        }
        if (!LegacyRootEntry.P.isSet(root[0])) {
            return ContextEntry.faulty(sid, FaultReason.LRT_2, false);
        }
        long table = LegacyRootEntry.CTP.getAddress(root[0]);
        if (LegacyRootEntry.LAYOUT.hasReservedBitsSet(root) || !features.isHostAddress(table)) {
            return ContextEntry.faulty(sid, FaultReason.LRT_3, false);
        }
        long[] words =
                memory.read(RootTable.legacyContextAddress(table, requester), LegacyContextEntry.LAYOUT.words(), 1);
        return words == null
                ? ContextEntry.faulty(sid, FaultReason.LCT_1, false)
                : ContextEntry.decodeLegacy(sid, words, features);
    }
}
