package dev.sva4j.qemu.half;

import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.X86_64;

/** QEMU's AMD IOMMU. */
public final class QemuAmdVendor extends QemuVendor {
    /** It walks host page tables only, so it goes with no driver half whose processes have others. */
    static final String ARCHITECTURE = "amd-vi with host tables";

    /** For the service loader. */
    public QemuAmdVendor() {
        super(Board.Q35_AMD);
    }

    @Override
    public String id() {
        return "qemu-amd-vi";
    }

    @Override
    public String architecture() {
        return ARCHITECTURE;
    }

    @Override
    public String description() {
        return "QEMU's model of the AMD IOMMU, in a process of its own (hardware half only)";
    }

    @Override
    public PageTableFormat processFormat() {
        return X86_64.FOUR_LEVELS;
    }
}
