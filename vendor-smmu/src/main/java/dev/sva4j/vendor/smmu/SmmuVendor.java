package dev.sva4j.vendor.smmu;

import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuInspection;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.QuiesceStrategy;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.vendor.smmu.driver.SmmuDriver;
import dev.sva4j.vendor.smmu.hardware.SmmuHardware;
import dev.sva4j.vendor.smmu.inspect.SmmuInspection;
import java.util.List;
import java.util.Optional;

/** Arm SMMUv3, both halves. The one place that knows of both. */
public final class SmmuVendor implements IommuVendor {
    private static final QuiesceStrategy QUIET_CD = new QuiesceStrategy(
            "quiet-cd",
            "the CD stays valid with EPD0 = 1 and R = S = 0: no walk starts, and what aborts is not recorded",
            true);

    /** For the service loader. */
    public SmmuVendor() {}

    @Override
    public String id() {
        return "arm-smmu-v3";
    }

    @Override
    public String architecture() {
        return "smmu-v3";
    }

    @Override
    public String description() {
        return "Arm System MMU, version 3 (IHI 0070)";
    }

    @Override
    public PageTableFormat processFormat() {
        return Vmsav8_64.LINUX_4K;
    }

    @Override
    public List<QuiesceStrategy> quiesceStrategies() {
        return List.of(QUIET_CD);
    }

    @Override
    public boolean hasDriver() {
        return true;
    }

    @Override
    public boolean hasHardware() {
        return true;
    }

    @Override
    public List<TransactionKind> carries() {
        return List.of(TransactionKind.values());
    }

    @Override
    public IommuDriver createDriver(DriverHost host) {
        return new SmmuDriver(host);
    }

    @Override
    public IommuHardware createHardware(HardwareHost host) {
        return new SmmuHardware(host);
    }

    @Override
    public Optional<IommuInspection> inspection() {
        return Optional.of(new SmmuInspection());
    }
}
