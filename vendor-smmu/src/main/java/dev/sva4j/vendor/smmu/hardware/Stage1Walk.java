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
 * The walk of stage 1 tables (DDI 0487 D8.2 to D8.5, IHI 0070 §3.4, §7.3.22). Levels are the manual's: it ends at level 3.
 *
 * <p>Order of faults: F_TRANSLATION for an address out of range or a half without walks; then for each descriptor F_WALK_EABT,
 * F_TRANSLATION, F_ADDR_SIZE; for the leaf F_ACCESS. Permissions come last and are the caller's to compare, as they are for a
 * TLB hit. Stateless; it reads memory with acquire order and allocates nothing.
 */
final class Stage1Walk {
    private static final int LAST_LEVEL = 3;

    /** The first level that may hold blocks without 52-bit addresses: 1 GiB with 4 KiB pages, else 32 MiB or 512 MiB. */
    private static final int FIRST_BLOCK_LEVEL_4K = 1;

    private static final int FIRST_BLOCK_LEVEL = 2;

    private final PhysicalMemory memory;

    Stage1Walk(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** Translates {@code address} through the tables of {@code cd}: a {@link Leaf}, or a {@link Fault}. */
    long walk(ContextConfig cd, long address) {
        TableHalf half = cd.half(address);
        Granule granule = half.granule();
        if (!half.enabled()
                || granule == null
                || !VirtualAddress.isInRange(address, half.inputBits(), half.ignoreTopByte())) {
            return cd.fault(EventId.F_TRANSLATION);
        }
        int inputBits = half.inputBits();
        int start = granule.startLevel(inputBits);
        int firstBlockLevel = granule == Granule.KIB_4 ? FIRST_BLOCK_LEVEL_4K : FIRST_BLOCK_LEVEL;
        // Hardware ignores bits of TTB below the size of the start table.
        long table = alignDown(half.table(), granule.startTableBytes(start, inputBits));
        long hierarchy = 0;
        for (int level = start; ; level++) {
            long at = granule.descriptorAddress(table, address, level, start, inputBits);
            long descriptor;
            try {
                descriptor = memory.loadAcquire(at);
            } catch (MemoryAbortException e) {
                return Fault.ofFetch(EventId.F_WALK_EABT, at);
            }
            boolean page = level == LAST_LEVEL;
            boolean block = !page && !TYPE.isSet(descriptor);
            if (!VALID.isSet(descriptor) || (page && !TYPE.isSet(descriptor)) || (block && level < firstBlockLevel)) {
                return cd.fault(EventId.F_TRANSLATION);
            }
            if (page || block) {
                return leaf(cd, granule, level, descriptor, half.ignoreHierarchy() ? 0 : hierarchy);
            }
            table = alignDown(ADDRESS.getAddress(descriptor), granule.bytes());
            if (!AddressSize.fits(table, cd.outputBits)) {
                return cd.fault(EventId.F_ADDR_SIZE);
            }
            // Every attribute of a table descriptor takes something away, so that all of them may be judged at once.
            hierarchy |= descriptor;
        }
    }

    private static long leaf(ContextConfig cd, Granule granule, int level, long descriptor, long hierarchy) {
        int shift = granule.levelShift(level);
        long output = alignDown(ADDRESS.getAddress(descriptor), 1L << shift);
        if (!AddressSize.fits(output, cd.outputBits)) {
            return cd.fault(EventId.F_ADDR_SIZE);
        }
        if (!AF.isSet(descriptor) && !cd.ignoreAccessFlag) {
            return cd.fault(EventId.F_ACCESS);
        }
        int rights = Permissions.of(descriptor, hierarchy, cd.writableNeverExecutable, cd.privilegedAccessNever);
        return Leaf.of(output, shift, rights, !NG.isSet(descriptor));
    }

    private static long alignDown(long address, long size) {
        return address & -size;
    }
}
