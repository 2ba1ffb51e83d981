package dev.sva4j.qemu.half;

import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuInspection;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.QuiesceStrategy;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.vendor.amd.AmdVendor;
import dev.sva4j.vendor.amd.layout.DeviceTableEntry;
import dev.sva4j.vendor.amd.layout.HostPageTableFormat;
import java.util.List;
import java.util.Optional;

/**
 * Our driver half for AMD-Vi beside processors that walk host page tables. There are none; but QEMU's IOMMU walks no others, and with
 * processes in them the whole life of a bond can be tried on it.
 */
public final class HostTablesVendor implements IommuVendor {
    /** Four levels, and pages up to 2 MiB as processes have them. */
    private static final PageTableFormat FORMAT = new HostPageTableFormat(4, 1, DeviceTableEntry.HAD_NONE, false);

    private final IommuVendor amd = new AmdVendor();

    /** For the service loader. */
    public HostTablesVendor() {}

    @Override
    public PageTableFormat processFormat() {
        return FORMAT;
    }

    @Override
    public String id() {
        return "amd-vi-host-tables";
    }

    /** Of its own: other halves for AMD-Vi go with processors that have x86-64 tables. */
    @Override
    public String architecture() {
        return QemuAmdVendor.ARCHITECTURE;
    }

    @Override
    public String description() {
        return amd.description();
    }

    @Override
    public List<QuiesceStrategy> quiesceStrategies() {
        return amd.quiesceStrategies();
    }

    @Override
    public boolean hasDriver() {
        return amd.hasDriver();
    }

    @Override
    public boolean hasHardware() {
        return false;
    }

    @Override
    public List<TransactionKind> carries() {
        return List.of();
    }

    @Override
    public IommuDriver createDriver(DriverHost host) {
        return amd.createDriver(host);
    }

    @Override
    public IommuHardware createHardware(HardwareHost host) {
        return amd.createHardware(host);
    }

    @Override
    public Optional<IommuInspection> inspection() {
        return amd.inspection();
    }
}
