package dev.sva4j.examples.acme.hardware;

import dev.sva4j.examples.acme.layout.DeviceTable;
import dev.sva4j.examples.acme.layout.Event;
import dev.sva4j.examples.acme.layout.PasidTable;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.hardware.ConfigCache;
import java.util.concurrent.atomic.AtomicLong;

/** From a request to its PASID entry: device table, PASID table, and a cache of what was found. */
final class EntryCache {
    private static final long UNKNOWN_DEVICE = Refusal.of(Event.BAD_DEVICE, false);
    private static final long UNKNOWN_PASID = Refusal.of(Event.BAD_PASID, false);
    private static final long ABORTED = Refusal.of(Event.WALK_ABORT, false);

    private final PhysicalMemory memory;
    private final Behaviour behaviour;
    private final ConfigCache<Long> cached;
    /** Register. */
    volatile long deviceTable;

    EntryCache(PhysicalMemory memory, Behaviour behaviour, AtomicLong epoch) {
        this.memory = memory;
        this.behaviour = behaviour;
        this.cached = new ConfigCache<>(behaviour.configEntries(), epoch);
    }

    /** The entry as it is in memory or in the cache, or a {@link Refusal}. {@code epoch} was sampled before. */
    long find(int requester, int pasid, long epoch) {
        if (!DeviceTable.contains(requester)) {
            return UNKNOWN_DEVICE;
        }
        int index = PasidTable.index(pasid);
        if (index != pasid ? index != PasidTable.UNTAGGED : !PasidTable.contains(pasid, PasidTable.BITS)) {
            return UNKNOWN_PASID;
        }
        Long hit = cached.find(key(requester, index));
        if (hit != null) {
            return hit;
        }
        long entry = fetch(requester, index, epoch);
        if (behaviour.speculativeFill()) {
            // Nobody asked for its neighbour, but nothing forbids it either.
            fetch(requester, index ^ 1, epoch);
        }
        return entry;
    }

    private long fetch(int requester, int index, long epoch) {
        try {
            long device = memory.loadAcquire(DeviceTable.entryAddress(deviceTable, requester));
            if (!DeviceTable.V.isSet(device)) {
                return UNKNOWN_DEVICE;
            }
            long entry = memory.loadAcquire(PasidTable.entryAddress(DeviceTable.PASIDS.getAddress(device), index));
            if (behaviour.cacheInvalid() || PasidTable.MODE.get(entry) != PasidTable.EMPTY) {
                cached.fill(key(requester, index), entry, epoch);
            }
            return entry;
        } catch (MemoryAbortException e) {
            return ABORTED;
        }
    }

    void invalidateDevice(int requester) {
        cached.invalidateIf(key -> key / PasidTable.ENTRIES == requester);
    }

    void invalidatePasid(int requester, int index) {
        cached.invalidate(key(requester, index));
    }

    void invalidateAll() {
        cached.invalidateIf(key -> true);
    }

    private static long key(int requester, int index) {
        return (long) requester * PasidTable.ENTRIES + index;
    }
}
