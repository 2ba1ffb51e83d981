package dev.sva4j.qemu.half;

import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Vmsav8_64;

/** QEMU's SMMUv3. */
public final class QemuSmmuVendor extends QemuVendor {
    /** For the service loader. */
    public QemuSmmuVendor() {
        super(Board.VIRT_SMMU);
    }

    @Override
    public String id() {
        return "qemu-arm-smmu-v3";
    }

    @Override
    public String architecture() {
        return "smmu-v3";
    }

    @Override
    public String description() {
        return "QEMU's model of the Arm SMMUv3, in a process of its own (hardware half only)";
    }

    @Override
    public PageTableFormat processFormat() {
        return Vmsav8_64.LINUX_4K;
    }
}
