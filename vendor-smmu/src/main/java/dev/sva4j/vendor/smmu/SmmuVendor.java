package dev.sva4j.vendor.smmu;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.QuiesceStrategy;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.vendor.smmu.driver.SmmuDriver;
import java.util.List;

/** Arm SMMUv3. The one place that knows of both halves. */
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
        return false;
    }

    @Override
    public List<TransactionKind> carries() {
        return List.of();
    }

    @Override
    public IommuDriver createDriver(DriverHost host) {
        return new SmmuDriver(host);
    }

    @Override
    public IommuHardware createHardware(HardwareHost host) {
        throw new SvaException(SvaError.UNSUPPORTED, id() + " has no hardware half yet");
    }
}
