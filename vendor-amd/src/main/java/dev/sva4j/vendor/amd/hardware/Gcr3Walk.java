package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.vendor.amd.layout.Gcr3Table;
import dev.sva4j.vendor.amd.layout.Gcr3TableEntry;

/**
 * From a PASID to the root of its page table (AMD-Vi 2.2.6). What was found is cached by domain and PASID; a PASID
 * without table is not.
 *
 * <p>No source says what a reserved bit in an entry does; it faults like one in a page table, so that it is noticed.
 * Pointers between the levels are guest physical addresses, as the guest CR3 values are; the root is one if Control says
 * so.
 */
final class Gcr3Walk {
    private final PhysicalMemory memory;
    private final Features features;
    private final Caches caches;
    private final HostWalk host;

    Gcr3Walk(PhysicalMemory memory, Features features, Caches caches, HostWalk host) {
        this.memory = memory;
        this.features = features;
        this.caches = caches;
        this.host = host;
    }

    /**
     * The guest physical address of the page table of a PASID, or a {@link Fault}.
     *
     * @param device with GV = 1
     */
    long find(DeviceEntry device, Settings settings, int pasid, long epoch) {
        // None of these has a documented answer; a PASID that has no table looks like one whose entry is not valid.
        if (!settings.translatesGuests()
                || device.glx > features.largestGlx
                || device.guestLevels > features.guestLevels
                || pasid > Gcr3Table.largestPasid(device.glx)) {
            return Fault.NOT_PRESENT;
        }
        long tag = Caches.guestTag(device.domain, pasid, device.mode != 0);
        Long cached = caches.guestRoots.find(tag);
        if (cached != null) {
            return cached;
        }
        long root = walk(device, settings, pasid, epoch);
        if (!Fault.is(root)) {
            caches.guestRoots.fill(tag, root, epoch);
        }
        return root;
    }

    private long walk(DeviceEntry device, Settings settings, int pasid, long epoch) {
        long table = device.gcr3Root;
        boolean guestPhysical = settings.gcr3RootIsGuestPhysical();
        for (int level = device.glx; level >= 0; level--) {
            long at = Gcr3Table.entryAddress(table, level, pasid);
            if (guestPhysical && device.mode != 0) {
                long leaf = host.translate(device, at, Request.READ, epoch);
                if (Fault.is(leaf)) {
                    return Fault.atGuestPhysical(leaf, at);
                }
                at = Leaf.output(leaf, at);
            }
            long entry;
            try {
                entry = memory.loadAcquire(at);
            } catch (MemoryAbortException e) {
                return Fault.pageTable(at);
            }
            if (!Gcr3TableEntry.V.isSet(entry)) {
                return Fault.NOT_PRESENT;
            }
            if (Gcr3TableEntry.LAYOUT.hasReservedBitsSet(entry)) {
                return Fault.RESERVED;
            }
            table = Gcr3TableEntry.ADDRESS.getAddress(entry);
            guestPhysical = true;
        }
        return table;
    }
}
