package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.spi.pagetable.X86_64Layout.A;
import static dev.sva4j.spi.pagetable.X86_64Layout.ADDRESS_4K;
import static dev.sva4j.spi.pagetable.X86_64Layout.D;
import static dev.sva4j.spi.pagetable.X86_64Layout.P;
import static dev.sva4j.spi.pagetable.X86_64Layout.PAT_LARGE;
import static dev.sva4j.spi.pagetable.X86_64Layout.PS;
import static dev.sva4j.spi.pagetable.X86_64Layout.RW;
import static dev.sva4j.spi.pagetable.X86_64Layout.US;
import static dev.sva4j.spi.pagetable.X86_64Layout.XD;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.hardware.Leaf;
import dev.sva4j.spi.hardware.Request;
import dev.sva4j.spi.hardware.TranslationCache;
import dev.sva4j.spi.pagetable.X86_64;
import dev.sva4j.vendor.amd.layout.GuestAddress;

/**
 * Translation by guest (v2) page tables, those of the CPU (AMD-Vi 2.2.6; AMD64 APM volume 2, 5.3): from the TLB, or by a
 * walk. Levels count from 0, the page table.
 *
 * <p>Order of faults: not canonical; then for each entry: fetch, not present, reserved bits; for the leaf: permission.
 * Flags are set by compare-and-set, so that an update races with the CPU as one of its own would, and only by a walk that
 * succeeds: in the leaf first and then upwards, which is where the recursion comes back along. It allocates nothing.
 *
 * <p>With a host table every pointer of the guest is translated, the last one with what the request needs. Intel's walk
 * marks as it goes down, knows other flags and checks by other rules; the entries are what both share.
 */
final class GuestWalk {
    /** What the entry of each level says and where it is does not depend on the number of levels. */
    private static final X86_64 FORMAT = X86_64.FIVE_LEVELS;

    private final PhysicalMemory memory;
    private final Features features;
    private final Caches caches;
    private final HostWalk host;
    private final boolean speculative;

    GuestWalk(PhysicalMemory memory, Features features, Caches caches, HostWalk host, boolean speculative) {
        this.memory = memory;
        this.features = features;
        this.caches = caches;
        this.host = host;
        this.speculative = speculative;
    }

    /**
     * Translates an address for a request: a {@link Leaf} that allows it, which then is cached, or a {@link Fault}.
     *
     * @param root of the page table, or the fault that there is none
     * @param epoch sampled before {@code device} was looked up
     */
    long translate(DeviceEntry device, Settings settings, int pasid, long root, long address, int request, long epoch) {
        if (Fault.is(root)) {
            return root;
        }
        // That this is like a page that is not present is no more than likely.
        if (!GuestAddress.isLegal(address, device.guestLevels, pasid)) {
            return Fault.NOT_PRESENT;
        }
        long tag = Caches.guestTag(device.domain, pasid, device.mode != 0);
        long cached = caches.guest.find(tag, address);
        if (cached != TranslationCache.MISS
                && Permissions.suffice(device, cached, request)
                && (Leaf.DIRTY.isSet(cached) || !Permissions.dirties(device, cached, request))) {
            return cached;
        }
        long leaf = walk(device, settings, tag, root, address, request, epoch);
        if (speculative && !Fault.is(leaf)) {
            // Nobody asked for this page: it may become accessed, but not dirty.
            long other = address ^ (1L << Leaf.shift(leaf));
            if (GuestAddress.isLegal(other, device.guestLevels, pasid)) {
                walk(device, settings, tag, root, other, Request.TRANSLATION, epoch);
            }
        }
        return leaf;
    }

    private long walk(
            DeviceEntry device, Settings settings, long tag, long root, long address, int request, long epoch) {
        long table = caches.guestTables.find(tag, address);
        int level = 0;
        if (table == TranslationCache.MISS) {
            level = device.guestLevels - 1;
            table = Leaf.of(root, 0, Leaf.EVERYTHING);
        }
        long leaf = walk(device, settings, tag, table, level, address, request, epoch);
        if (!Fault.is(leaf)) {
            caches.guest.fill(tag, address, Leaf.shift(leaf), leaf, epoch);
        }
        return leaf;
    }

    private long walk(
            DeviceEntry device,
            Settings settings,
            long tag,
            long table,
            int level,
            long address,
            int request,
            long epoch) {
        long pointer = Leaf.base(table) + (long) FORMAT.index(level, address) * Long.BYTES;
        long at = pointer;
        if (device.mode != 0) {
            long leaf = host.translate(device, pointer, Request.READ, epoch);
            if (Fault.is(leaf)) {
                return Fault.atGuestPhysical(leaf, pointer);
            }
            at = Leaf.output(leaf, pointer);
        }
        while (true) {
            long entry;
            try {
                entry = memory.loadAcquire(at);
            } catch (MemoryAbortException e) {
                return Fault.pageTable(at);
            }
            if (!P.isSet(entry)) {
                return Fault.NOT_PRESENT;
            }
            if (isReserved(entry, level)) {
                return Fault.RESERVED;
            }
            long flags = restrict(Leaf.flags(table), entry);
            boolean isLeaf = level == 0 || PS.isSet(entry);
            long result = isLeaf
                    ? leaf(device, settings, entry, level, flags, address, request, epoch)
                    : below(device, settings, tag, entry, level, flags, address, request, epoch);
            if (Fault.is(result)) {
                return result;
            }
            long marked = settings.updatesAccessed(features) ? A.put(entry, true) : entry;
            if (isLeaf && Leaf.DIRTY.isSet(result) && settings.updatesDirty(features)) {
                marked = D.put(marked, true);
            }
            if (marked == entry) {
                return result;
            }
            if (device.mode != 0) {
                long leaf = host.translate(device, pointer, Request.READ | Request.WRITE, epoch);
                if (Fault.is(leaf)) {
                    return Fault.atGuestPhysical(leaf, pointer);
                }
            }
            try {
                if (memory.compareAndSet(at, entry, marked)) {
                    return result;
                }
                // The CPU was faster: look at what it has made of the entry.
            } catch (MemoryAbortException e) {
                return Fault.pageTable(at);
            }
        }
    }

    private long below(
            DeviceEntry device,
            Settings settings,
            long tag,
            long entry,
            int level,
            long flags,
            long address,
            int request,
            long epoch) {
        long next = Leaf.of(FORMAT.tableAddress(level, entry), 0, flags);
        long result = walk(device, settings, tag, next, level - 1, address, request, epoch);
        if (level == 1 && !Fault.is(result) && device.mode == 0) {
            caches.guestTables.fill(tag, address, FORMAT.indexShift(level), next, epoch);
        }
        return result;
    }

    /** What a leaf grants, with DIRTY if it is or is to become so. */
    private long leaf(
            DeviceEntry device,
            Settings settings,
            long entry,
            int level,
            long flags,
            long address,
            int request,
            long epoch) {
        if (!Permissions.suffice(device, flags, request)) {
            return Fault.PERMISSION;
        }
        long leaf = Leaf.of(FORMAT.leafAddress(level, entry), FORMAT.indexShift(level), flags);
        if (device.mode != 0) {
            long guestPhysical = Leaf.output(leaf, address);
            int needs = Request.has(request, Request.EXECUTE) ? request | Request.READ : request;
            long hostLeaf = host.translate(device, guestPhysical, needs & ~Request.EXECUTE, epoch);
            if (Fault.is(hostLeaf)) {
                return Fault.atGuestPhysical(hostLeaf, guestPhysical);
            }
            leaf = Leaf.nested(leaf, hostLeaf, address);
        }
        boolean dirty = D.isSet(entry)
                || !settings.updatesDirty(features)
                || Permissions.dirties(device, Leaf.flags(leaf), request);
        return Leaf.DIRTY.put(leaf, dirty);
    }

    /** PS where there are no large pages, and address bits below the size of one; of those, bit 12 is PAT. */
    private static boolean isReserved(long entry, int level) {
        if (level == 0 || !PS.isSet(entry)) {
            return false;
        }
        return !FORMAT.canBeLeaf(level)
                || PAT_LARGE.clear(ADDRESS_4K.getAddress(entry)) != FORMAT.leafAddress(level, entry);
    }

    private long restrict(long flags, long entry) {
        long restricted = RW.isSet(entry) ? flags : Leaf.WRITABLE.clear(flags);
        restricted = US.isSet(entry) || !features.userPages ? restricted : Leaf.USER.clear(restricted);
        return XD.isSet(entry) && features.noExecute ? Leaf.EXECUTABLE.clear(restricted) : restricted;
    }
}
