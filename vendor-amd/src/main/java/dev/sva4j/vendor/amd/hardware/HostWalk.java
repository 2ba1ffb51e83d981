package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.ADDRESS;
import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.IR;
import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.IW;
import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.NEXT_LEVEL;
import static dev.sva4j.vendor.amd.layout.HostPageTableEntry.PR;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.spi.hardware.TranslationCache;
import dev.sva4j.vendor.amd.layout.HostPageTable;
import dev.sva4j.vendor.amd.layout.HostPageTableEntry;

/**
 * Translation by host (v1) page tables (AMD-Vi 2.2.3): from the TLB, or by a walk. Levels are the manual's.
 *
 * <p>For each entry: present, reserved bits, permission (IR and IW of the DTE and of all levels so far), size of a leaf,
 * order of levels, zeros in what is skipped (VirtualBox). Accessed and dirty flags are not implemented. A walk allocates
 * nothing.
 */
final class HostWalk {
    private static final int LAST_LEVEL = 1;

    private final PhysicalMemory memory;
    private final Features features;
    private final Caches caches;
    private final boolean speculative;

    HostWalk(PhysicalMemory memory, Features features, Caches caches, boolean speculative) {
        this.memory = memory;
        this.features = features;
        this.caches = caches;
        this.speculative = speculative;
    }

    /**
     * Translates an address for a request: a {@link Leaf} that allows it, which then is cached, or a {@link Fault}.
     *
     * @param device whose Mode is not 0
     * @param epoch sampled before {@code device} was looked up
     */
    long translate(DeviceEntry device, long address, int request, long epoch) {
        long cached = caches.host.find(Caches.hostTag(device.domain), address);
        if (cached != TranslationCache.MISS && Permissions.suffice(device, cached, request)) {
            return cached;
        }
        long leaf = walk(device, address, request, epoch);
        if (speculative && !Fault.is(leaf)) {
            walk(device, address ^ (1L << Leaf.shift(leaf)), Request.TRANSLATION, epoch);
        }
        return leaf;
    }

    private long walk(DeviceEntry device, long address, int request, long epoch) {
        // A bad Mode is a fault and not an illegal entry (VirtualBox). That an address beyond what the levels reach is
        // one of the same kind is no more than likely.
        if (device.mode > features.hostLevels || !HostPageTable.reaches(device.mode, address)) {
            return Fault.LEVEL;
        }
        long tag = Caches.hostTag(device.domain);
        long table = caches.hostTables.find(tag, address);
        int level = LAST_LEVEL;
        if (table == TranslationCache.MISS) {
            level = device.mode;
            table = Leaf.of(device.hostRoot, 0, Leaf.EVERYTHING);
        }
        while (true) {
            long at = HostPageTable.entryAddress(Leaf.base(table), level, address);
            long entry;
            try {
                entry = memory.loadAcquire(at);
            } catch (MemoryAbortException e) {
                return Fault.pageTable(at);
            }
            if (!PR.isSet(entry)) {
                return Fault.NOT_PRESENT;
            }
            if ((entry & HostPageTableEntry.of(entry).reservedMask(0)) != 0) {
                return Fault.RESERVED;
            }
            long flags = Leaf.flags(table);
            flags = IR.isSet(entry) ? flags : Leaf.READABLE.clear(flags);
            flags = IW.isSet(entry) ? flags : Leaf.WRITABLE.clear(flags);
            if (!Permissions.suffice(device, flags, request)) {
                return Fault.PERMISSION;
            }
            if (HostPageTableEntry.isLeaf(entry)) {
                if (!HostPageTableEntry.hasLegalSize(level, entry)) {
                    return Fault.LEVEL;
                }
                int shift = HostPageTableEntry.log2Size(level, entry);
                long leaf = Leaf.of(HostPageTableEntry.pageAddress(level, entry), shift, flags);
                caches.host.fill(tag, address, shift, leaf, epoch);
                return leaf;
            }
            int next = (int) NEXT_LEVEL.get(entry);
            if (next >= level || !HostPageTable.skipsZerosOnly(level, next, address)) {
                return Fault.LEVEL;
            }
            table = Leaf.of(ADDRESS.getAddress(entry), 0, flags);
            level = next;
            if (level == LAST_LEVEL) {
                caches.hostTables.fill(tag, address, HostPageTable.log2TableSize(level), table, epoch);
            }
        }
    }
}
