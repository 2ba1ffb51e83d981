package dev.sva4j.vendor.amd.inspect;

import dev.sva4j.spi.IommuInspector.LeafVisitor;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.LeafReader;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.spi.pagetable.X86_64;
import dev.sva4j.vendor.amd.layout.ExtendedFeatures;
import dev.sva4j.vendor.amd.layout.HostPageTableFormat;

/**
 * The page tables of one stage, and how they are to be read.
 *
 * @param leaves how entries are read
 * @param unsigned whether addresses are not sign-extended although the format is: those of PASID 0
 */
record PageTables(LeafReader leaves, boolean unsigned) {
    private static final int PHYSICAL_BITS = 52;

    /** Host (v1) tables. */
    static PageTables host(PhysicalMemory memory, DeviceEntry device) {
        PageTableFormat format = HostPageTableFormat.reading(device.mode(), device.had());
        return new PageTables(
                new LeafReader(format, memory, device.hostRoot(), attributes -> device.filter(attributes & Rights.ALL)),
                false);
    }

    /**
     * Guest (v2) tables. Without NXSup nothing keeps a page from being executed; that NX is ignored then is likely, but
     * not published.
     */
    static PageTables guest(PhysicalMemory memory, DeviceEntry device, long root, int pasid, ImageRegisters registers) {
        int always = ExtendedFeatures.NX_SUP.isSet(registers.efr()) ? 0 : Rights.EXECUTE;
        PageTableFormat format = new X86_64(device.guestLevels(), PHYSICAL_BITS, true);
        return new PageTables(
                new LeafReader(format, memory, root, attributes -> device.filter((attributes & Rights.ALL) | always)),
                pasid == 0);
    }

    /** Visits every leaf in ascending order of device addresses. */
    void visit(String owner, LeafVisitor visitor) {
        PageTableFormat format = leaves.format();
        long lowLast = format.lowLast();
        leaves.visit(0, lowLast, 0, owner, visitor);
        if (format.signExtended()) {
            // Where the upper half of the table begins for PASID 0 is where the lower one ends.
            leaves.visit(~lowLast, -1L, unsigned ? 2 * (lowLast + 1) : 0, owner, visitor);
        }
    }

    /** Whether anything in the top table is present. */
    boolean hasEntries() {
        PageTableFormat format = leaves.format();
        int top = format.topLevel();
        for (int index = 0; index < 1 << format.indexBits(top); index++) {
            if (format.isPresent(top, leaves.memory().loadAcquire(leaves.root() + (long) index * Long.BYTES))) {
                return true;
            }
        }
        return false;
    }
}
