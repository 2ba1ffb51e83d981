package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.hardware.ConfigCache;
import dev.sva4j.spi.hardware.StructureFetch;
import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.ConfigurationCommands;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.ContextDescriptorTable;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.L1ContextDescriptor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * From a stream and an index to its CD (§5.3), through a table of one, one level or two, with the caches of both
 * levels.
 */
final class ContextFetch {
    /** Keys are {@code StreamID * SPAN + index}: more than any SubstreamID. */
    private static final long SPAN = 1L << 20;

    private final StructureFetch memory;
    private final Features features;
    private final boolean cacheInvalid;
    private final boolean speculative;

    /** Descriptors by stream and SubstreamID. */
    private final ConfigCache<ContextConfig> entries;

    /** First-level descriptors by stream and index in the table. */
    private final ConfigCache<Long> descriptors;

    ContextFetch(StructureFetch memory, Features features, Behaviour behaviour, AtomicLong epoch) {
        this.memory = memory;
        this.features = features;
        this.cacheInvalid = behaviour.cacheInvalid();
        this.speculative = behaviour.speculativeFill();
        this.entries = new ConfigCache<>(behaviour.configEntries(), epoch);
        this.descriptors = new ConfigCache<>(behaviour.configEntries(), epoch);
    }

    private @Nullable ContextConfig cached(StreamConfig stream, int index) {
        return entries.find(key(stream.sid, index));
    }

    /**
     * The descriptor with this index, from the cache or from memory; faulty if there is none.
     *
     * @param epoch sampled before the stream was looked up
     */
    ContextConfig find(StreamConfig stream, int index, long epoch) {
        ContextConfig cached = cached(stream, index);
        return cached != null ? cached : fetchWithNeighbour(stream, index, epoch);
    }

    private ContextConfig fetchWithNeighbour(StreamConfig stream, int index, long epoch) {
        ContextConfig found = fetch(stream, index, epoch);
        int neighbour = index ^ 1;
        if (speculative
                && ContextDescriptorTable.contains(neighbour, stream.cdMax)
                && cached(stream, neighbour) == null) {
            fetch(stream, neighbour, epoch);
        }
        return found;
    }

    private ContextConfig fetch(StreamConfig stream, int index, long epoch) {
        long address = ContextDescriptorTable.firstAddress(stream.contextPtr, index, stream.cdMax, stream.format);
        if (!ContextDescriptorTable.isTwoLevel(stream.cdMax, stream.format)) {
            return fetchDescriptor(stream, index, address, epoch);
        }
        long key = key(stream.sid, ContextDescriptorTable.l1Index(index, stream.format));
        Long descriptor = descriptors.find(key);
        if (descriptor == null) {
            long[] read = memory.read(address, L1ContextDescriptor.LAYOUT.words());
            if (read == null) {
                return ContextConfig.faulty(Fault.ofFetch(EventId.F_CD_FETCH, address));
            }
            descriptor = read[0];
            if (cacheInvalid || isUsable(descriptor)) {
                descriptors.fill(key, descriptor, epoch);
            }
        }
        if (!isUsable(descriptor)) {
            return ContextConfig.faulty(Fault.of(EventId.C_BAD_SUBSTREAMID));
        }
        long table = L1ContextDescriptor.L2_PTR.getAddress(descriptor);
        return fetchDescriptor(stream, index, ContextDescriptorTable.leafAddress(table, index, stream.format), epoch);
    }

    private ContextConfig fetchDescriptor(StreamConfig stream, int index, long address, long epoch) {
        long[] cd = memory.read(address, ContextDescriptor.LAYOUT.words());
        if (cd == null) {
            return ContextConfig.faulty(Fault.ofFetch(EventId.F_CD_FETCH, address));
        }
        ContextConfig decoded = ContextConfig.decode(cd, stream, features);
        if (cacheInvalid || decoded.fault == 0) {
            entries.fill(key(stream.sid, index), decoded, epoch);
        }
        return decoded;
    }

    private boolean isUsable(long descriptor) {
        return L1ContextDescriptor.V.isSet(descriptor)
                && AddressSize.fits(L1ContextDescriptor.L2_PTR.getAddress(descriptor), features.outputBits);
    }

    /** CMD_CFGI_CD. Which first-level descriptor it is depends on the format, so all of the stream go. */
    void invalidate(long sid, int index, boolean leaf) {
        if (!leaf) {
            descriptors.invalidateIf(key -> sid(key) == sid);
        }
        entries.invalidate(key(sid, index));
    }

    /** CMD_CFGI_CD_ALL, and what CMD_CFGI_STE does to the contexts of the stream. */
    void invalidateStream(long sid) {
        descriptors.invalidateIf(key -> sid(key) == sid);
        entries.invalidateIf(key -> sid(key) == sid);
    }

    /** What CMD_CFGI_STE_RANGE and CMD_CFGI_ALL do to the contexts of the streams. */
    void invalidateRange(long word0, long word1) {
        descriptors.invalidateIf(key -> ConfigurationCommands.rangeCovers(word0, word1, sid(key)));
        entries.invalidateIf(key -> ConfigurationCommands.rangeCovers(word0, word1, sid(key)));
    }

    private static long key(int sid, long index) {
        return key(Integer.toUnsignedLong(sid), index);
    }

    private static long key(long sid, long index) {
        return sid * SPAN + index;
    }

    private static long sid(long key) {
        return key / SPAN;
    }
}
