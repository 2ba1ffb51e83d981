package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.hardware.ConfigCache;
import dev.sva4j.spi.hardware.StructureFetch;
import dev.sva4j.vendor.smmu.layout.ConfigurationCommands;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.L1StreamTableDescriptor;
import dev.sva4j.vendor.smmu.layout.StreamTable;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** From a StreamID to its STE (§3.3.1, §5.1), through a linear or two-level table, with the caches of both levels. */
final class StreamTableWalk {
    private final StructureFetch memory;
    private final Features features;
    private final boolean cacheInvalid;
    private final boolean speculative;

    /** Entries by StreamID. */
    private final ConfigCache<StreamConfig> entries;

    /** First-level descriptors by their index in the table. */
    private final ConfigCache<Long> descriptors;

    StreamTableWalk(StructureFetch memory, Features features, Behaviour behaviour, AtomicLong epoch) {
        this.memory = memory;
        this.features = features;
        this.cacheInvalid = behaviour.cacheInvalid();
        this.speculative = behaviour.speculativeFill();
        this.entries = new ConfigCache<>(behaviour.configEntries(), epoch);
        this.descriptors = new ConfigCache<>(behaviour.configEntries(), epoch);
    }

    private @Nullable StreamConfig cached(int sid) {
        return entries.find(Integer.toUnsignedLong(sid));
    }

    /**
     * The configuration of a stream, from the cache or from memory; faulty if there is none.
     *
     * @param epoch sampled before anything else was looked at
     */
    StreamConfig find(Settings settings, int sid, long epoch) {
        StreamConfig cached = cached(sid);
        return cached != null ? cached : fetchWithNeighbour(settings, sid, epoch);
    }

    private StreamConfig fetchWithNeighbour(Settings settings, int sid, long epoch) {
        StreamConfig found = fetch(settings, sid, epoch);
        int neighbour = sid ^ 1;
        if (speculative && cached(neighbour) == null) {
            fetch(settings, neighbour, epoch);
        }
        return found;
    }

    private StreamConfig fetch(Settings settings, int sid, long epoch) {
        long stream = Integer.toUnsignedLong(sid);
        long config = settings.strtabBaseCfg();
        if (!StreamTable.contains(stream, StreamTable.log2Size(config, features.ids.idr1()))) {
            return badStreamId(sid);
        }
        long base = StreamTable.base(settings.strtabBase(), config);
        if (!features.twoLevelStreams || !StreamTable.isTwoLevel(config)) {
            return fetchEntry(sid, StreamTable.linearAddress(base, stream), epoch);
        }
        int split = StreamTable.split(config);
        long index = StreamTable.l1Index(stream, split);
        Long descriptor = descriptors.find(index);
        if (descriptor == null) {
            long address = StreamTable.l1Address(base, stream, split);
            long[] read = memory.read(address, L1StreamTableDescriptor.LAYOUT.words());
            if (read == null) {
                return StreamConfig.faulty(sid, Fault.ofFetch(EventId.F_STE_FETCH, address), features);
            }
            descriptor = read[0];
            if (cacheInvalid || isUsable(descriptor, split)) {
                descriptors.fill(index, descriptor, epoch);
            }
        }
        if (!isUsable(descriptor, split)
                || StreamTable.l2Index(stream, split) >= L1StreamTableDescriptor.entries(descriptor)) {
            return badStreamId(sid);
        }
        long table = L1StreamTableDescriptor.table(descriptor);
        return fetchEntry(sid, StreamTable.l2Address(table, stream, split), epoch);
    }

    private StreamConfig fetchEntry(int sid, long address, long epoch) {
        long[] ste = memory.read(address, StreamTableEntry.LAYOUT.words());
        if (ste == null) {
            return StreamConfig.faulty(sid, Fault.ofFetch(EventId.F_STE_FETCH, address), features);
        }
        StreamConfig decoded = StreamConfig.decode(sid, ste, features);
        if (cacheInvalid || decoded.kind != StreamConfig.Kind.FAULTY) {
            entries.fill(Integer.toUnsignedLong(sid), decoded, epoch);
        }
        return decoded;
    }

    /** A Span of 0, a reserved one, or one beyond what SPLIT leaves to the second level: invalid (§5.1). */
    private static boolean isUsable(long descriptor, int split) {
        long count = L1StreamTableDescriptor.entries(descriptor);
        return count != 0 && L1StreamTableDescriptor.SPAN.get(descriptor) <= split + 1;
    }

    private StreamConfig badStreamId(int sid) {
        return StreamConfig.faulty(sid, Fault.of(EventId.C_BAD_STREAMID), features);
    }

    /** CMD_CFGI_STE. */
    void invalidate(Settings settings, long sid, boolean leaf) {
        if (!leaf) {
            descriptors.invalidate(StreamTable.l1Index(sid, StreamTable.split(settings.strtabBaseCfg())));
        }
        entries.invalidate(sid);
    }

    /** CMD_CFGI_STE_RANGE and CMD_CFGI_ALL: the entries of the block, and every first-level descriptor. */
    void invalidateRange(long word0, long word1) {
        descriptors.invalidateIf(index -> true);
        entries.invalidateIf(sid -> ConfigurationCommands.rangeCovers(word0, word1, sid));
    }
}
