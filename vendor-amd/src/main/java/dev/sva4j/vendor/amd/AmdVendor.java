package dev.sva4j.vendor.amd;

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
import dev.sva4j.vendor.amd.driver.AmdDriver;
import dev.sva4j.vendor.amd.hardware.AmdHardware;
import dev.sva4j.vendor.amd.inspect.AmdInspection;
import java.util.List;
import java.util.Optional;

/** AMD-Vi, both halves. The one place that knows of both. */
public final class AmdVendor implements IommuVendor {
    private static final QuiesceStrategy DUMMY_ROOT = new QuiesceStrategy(
            AmdDriver.DUMMY_ROOT,
            "the GCR3 entry leads to a top table that is empty for all: it stays valid, and nothing can be mistaken for a table error",
            false);

    private static final QuiesceStrategy CLEARED_ENTRY =
            new QuiesceStrategy(AmdDriver.CLEARED_ENTRY, "V = 0 in the GCR3 entry, as Linux has it", false);

    /** For the service loader. */
    public AmdVendor() {}

    @Override
    public String id() {
        return "amd-vi";
    }

    @Override
    public String architecture() {
        return "amd-vi";
    }

    @Override
    public String description() {
        return "AMD I/O Virtualization Technology (48882)";
    }

    @Override
    public PageTableFormat processFormat() {
        return X86_64.FOUR_LEVELS;
    }

    /** No bit silences one PASID, so hardware goes on logging; core drops those records by the state of the PASID. */
    @Override
    public List<QuiesceStrategy> quiesceStrategies() {
        return List.of(DUMMY_ROOT, CLEARED_ENTRY);
    }

    @Override
    public boolean hasDriver() {
        return true;
    }

    @Override
    public boolean hasHardware() {
        return true;
    }

    /** Everything but stalls, which the architecture does not have. */
    @Override
    public List<TransactionKind> carries() {
        return List.of(
                TransactionKind.UNTAGGED,
                TransactionKind.PASID_TAGGED,
                TransactionKind.ATS,
                TransactionKind.PAGE_REQUEST,
                TransactionKind.ATOMIC);
    }

    @Override
    public IommuDriver createDriver(DriverHost host) {
        return new AmdDriver(host);
    }

    @Override
    public IommuHardware createHardware(HardwareHost host) {
        return new AmdHardware(host);
    }

    @Override
    public Optional<IommuInspection> inspection() {
        return Optional.of(new AmdInspection());
    }
}
