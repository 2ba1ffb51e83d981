package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.ADDRESS;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AF;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.NG;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.TYPE;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.VALID;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.Granule;
import dev.sva4j.vendor.smmu.layout.VirtualAddress;

/**
 * The walk of stage 1 tables (DDI 0487 D8.2 to D8.5, IHI 0070 §3.4, §7.3.22). Levels are the manual's: it ends at level
 * 3.
 *
 * <p>Order of faults: F_TRANSLATION for an address out of range or a half without walks; then for each descriptor
 * F_WALK_EABT, F_TRANSLATION, F_ADDR_SIZE; for the leaf F_ACCESS. Permissions come last and are the caller's to
 * compare, as they are for a TLB hit. It reads memory with acquire order and allocates nothing.
 *
 * <p>A walk begins at the last-level table if the walk cache knows it: tables that software has replaced without a TLB
 * invalidation that covers them (Leaf = 0) go on being used, as hardware may.
 */
final class Stage1Walk {
    private static final int LAST_LEVEL = 3;

    /**
     * The first level that may hold blocks without 52-bit addresses: 1 GiB with 4 KiB pages, else 32 MiB or 512 MiB.
     */
    private static final int FIRST_BLOCK_LEVEL_4K = 1;

    private static final int FIRST_BLOCK_LEVEL = 2;

    private final PhysicalMemory memory;

    /** Last-level tables; checks for itself what may come in. */
    private final Iotlb tables;

    Stage1Walk(PhysicalMemory memory, Iotlb tables) {
        this.memory = memory;
        this.tables = tables;
    }

    /**
     * Translates {@code address} through the tables of {@code cd}: a {@link Leaf}, or a {@link Fault}.
     *
     * @param tag of the ASID, taken before
     * @param epoch sampled before {@code cd} was looked up
     */
    long walk(ContextConfig cd, long address, long tag, long epoch) {
        TableHalf half = cd.half(address);
        Granule granule = half.granule();
        if (!half.enabled()
                || granule == null
                || !VirtualAddress.isInRange(address, half.inputBits(), half.ignoreTopByte())) {
            return cd.fault(EventId.F_TRANSLATION);
        }
        int start = granule.startLevel(half.inputBits());
        long known = tables.find(cd, address);
        if (known != Iotlb.MISS) {
            long at = granule.descriptorAddress(Leaf.base(known), address, LAST_LEVEL, start, half.inputBits());
            return last(cd, granule, at, Leaf.restrictions(known));
        }
        return walkFromStart(cd, half, granule, start, address, tag, epoch);
    }

    private long walkFromStart(
            ContextConfig cd, TableHalf half, Granule granule, int start, long address, long tag, long epoch) {
        int inputBits = half.inputBits();
        int firstBlockLevel = granule == Granule.KIB_4 ? FIRST_BLOCK_LEVEL_4K : FIRST_BLOCK_LEVEL;
        // Hardware ignores bits of TTB below the size of the start table.
        long table = alignDown(half.table(), granule.startTableBytes(start, inputBits));
        int restrictions = 0;
        for (int level = start; level < LAST_LEVEL; level++) {
            long at = granule.descriptorAddress(table, address, level, start, inputBits);
            long descriptor;
            try {
                descriptor = memory.loadAcquire(at);
            } catch (MemoryAbortException e) {
                return Fault.ofFetch(EventId.F_WALK_EABT, at);
            }
            boolean block = !TYPE.isSet(descriptor);
            if (!VALID.isSet(descriptor) || (block && level < firstBlockLevel)) {
                return cd.fault(EventId.F_TRANSLATION);
            }
            if (block) {
                return leaf(cd, granule, level, descriptor, restrictions);
            }
            table = alignDown(ADDRESS.getAddress(descriptor), granule.bytes());
            if (!AddressSize.fits(table, cd.outputBits)) {
                return cd.fault(EventId.F_ADDR_SIZE);
            }
            restrictions |= half.ignoreHierarchy() ? 0 : Permissions.restrictions(descriptor);
        }
        if (start < LAST_LEVEL) {
            int shift = granule.levelShift(LAST_LEVEL - 1);
            tables.fill(cd, tag, address, Leaf.ofTable(table, shift, restrictions), epoch);
        }
        return last(cd, granule, granule.descriptorAddress(table, address, LAST_LEVEL, start, inputBits), restrictions);
    }

    /** The end of a walk: the page descriptor at {@code at}. */
    private long last(ContextConfig cd, Granule granule, long at, int restrictions) {
        long descriptor;
        try {
            descriptor = memory.loadAcquire(at);
        } catch (MemoryAbortException e) {
            return Fault.ofFetch(EventId.F_WALK_EABT, at);
        }
        if (!VALID.isSet(descriptor) || !TYPE.isSet(descriptor)) {
            return cd.fault(EventId.F_TRANSLATION);
        }
        return leaf(cd, granule, LAST_LEVEL, descriptor, restrictions);
    }

    /** What is left to check of a block or page (§7.3.22). */
    private static long leaf(ContextConfig cd, Granule granule, int level, long descriptor, int restrictions) {
        int shift = granule.levelShift(level);
        long output = alignDown(ADDRESS.getAddress(descriptor), 1L << shift);
        if (!AddressSize.fits(output, cd.outputBits)) {
            return cd.fault(EventId.F_ADDR_SIZE);
        }
        if (!AF.isSet(descriptor) && !cd.ignoreAccessFlag) {
            return cd.fault(EventId.F_ACCESS);
        }
        int rights = Permissions.of(descriptor, restrictions, cd.writableNeverExecutable, cd.privilegedAccessNever);
        return Leaf.of(output, shift, rights, !NG.isSet(descriptor));
    }

    private static long alignDown(long address, long size) {
        return address & -size;
    }
}
