package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.hardware.StructureFetch;
import dev.sva4j.vendor.amd.layout.DeviceTableEntry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** From a device to its entry (AMD-Vi 2.2.2), with the cache of entries. */
final class DeviceTableWalk {
    private final StructureFetch memory;
    private final Features features;
    private final Caches caches;
    private final boolean speculative;
    private final boolean cacheInvalid;

    DeviceTableWalk(StructureFetch memory, Features features, Caches caches, Behaviour behaviour) {
        this.memory = memory;
        this.features = features;
        this.caches = caches;
        this.speculative = behaviour.speculativeFill();
        this.cacheInvalid = behaviour.cacheInvalid();
    }

    /**
     * The entry of a device, from the cache or from memory; faulty if there is none.
     *
     * @param epoch sampled before anything else was looked at
     */
    DeviceEntry find(Settings settings, int deviceId, long epoch) {
        DeviceEntry cached = caches.devices.find(deviceId);
        if (cached != null) {
            return cached;
        }
        DeviceEntry found = fetch(settings, deviceId, epoch);
        int neighbour = deviceId ^ 1;
        if (speculative && caches.devices.find(neighbour) == null) {
            fetch(settings, neighbour, epoch);
        }
        return found;
    }

    private DeviceEntry fetch(Settings settings, int deviceId, long epoch) {
        if (!settings.hasDevice(deviceId, features)) {
            return DeviceEntry.faulty(Fault.NO_DEVICE);
        }
        long address = settings.deviceEntryAddress(deviceId, features);
        long[] words = snapshot(address);
        if (words == null) {
            return DeviceEntry.faulty(Fault.deviceTable(address));
        }
        DeviceEntry entry = DeviceEntry.decode(words, features);
        if (entry.fault == 0 && (entry.valid || cacheInvalid)) {
            caches.devices.fill(deviceId, entry, epoch);
        }
        return entry;
    }

    /** Hardware reads all 256 bits at once (Linux {@code update_dte256}): read until two readings agree. */
    private long @Nullable [] snapshot(long address) {
        long[] before = memory.read(address, DeviceTableEntry.LAYOUT.words());
        while (before != null) {
            long[] after = memory.read(address, DeviceTableEntry.LAYOUT.words());
            if (after == null || Arrays.equals(before, after)) {
                return after;
            }
            before = after;
        }
        return null;
    }
}
