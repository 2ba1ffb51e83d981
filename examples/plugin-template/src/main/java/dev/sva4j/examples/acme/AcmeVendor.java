package dev.sva4j.examples.acme;

import dev.sva4j.examples.acme.driver.AcmeDriver;
import dev.sva4j.examples.acme.hardware.AcmeHardware;
import dev.sva4j.examples.acme.inspect.AcmeInspection;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuInspection;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.QuiesceStrategy;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.X86_64;
import java.util.List;
import java.util.Optional;

/** The plug-in: what the service loader finds. The one class that knows both halves. */
public final class AcmeVendor implements IommuVendor {
    private static final QuiesceStrategy QUIET_ENTRY =
            new QuiesceStrategy("quiet-entry", "MODE = QUIET in the PASID entry: what aborts is not recorded", true);

    /** For the service loader. */
    public AcmeVendor() {}

    @Override
    public String id() {
        return "acme-iommu";
    }

    @Override
    public String architecture() {
        return "acme";
    }

    @Override
    public String description() {
        return "Acme IOMMU, the example of a plug-in";
    }

    @Override
    public PageTableFormat processFormat() {
        return X86_64.FOUR_LEVELS;
    }

    @Override
    public List<QuiesceStrategy> quiesceStrategies() {
        return List.of(QUIET_ENTRY);
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
        return List.of(
                TransactionKind.UNTAGGED, TransactionKind.PASID_TAGGED, TransactionKind.STALL, TransactionKind.ATOMIC);
    }

    @Override
    public IommuDriver createDriver(DriverHost host) {
        return new AcmeDriver(host);
    }

    @Override
    public IommuHardware createHardware(HardwareHost host) {
        return new AcmeHardware(host);
    }

    @Override
    public Optional<IommuInspection> inspection() {
        return Optional.of(new AcmeInspection());
    }
}
