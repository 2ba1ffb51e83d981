package dev.sva4j.vendor.vtd;

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
import dev.sva4j.vendor.vtd.driver.VtdDriver;
import dev.sva4j.vendor.vtd.hardware.VtdHardware;
import dev.sva4j.vendor.vtd.inspect.VtdInspection;
import java.util.List;
import java.util.Optional;

/** Intel VT-d in scalable mode, both halves. The one place that knows of both. */
public final class VtdVendor implements IommuVendor {
    private static final QuiesceStrategy ABSENT_ENTRY = new QuiesceStrategy(
            "p0-fpd",
            "P = 0 and FPD = 1 in the PASID table entry: no walk starts, and what aborts is not recorded",
            true);

    /** For the service loader. */
    public VtdVendor() {}

    @Override
    public String id() {
        return "intel-vtd";
    }

    @Override
    public String architecture() {
        return "vt-d";
    }

    @Override
    public String description() {
        return "Intel Virtualization Technology for Directed I/O (D51397)";
    }

    @Override
    public PageTableFormat processFormat() {
        return X86_64.FOUR_LEVELS;
    }

    @Override
    public List<QuiesceStrategy> quiesceStrategies() {
        return List.of(ABSENT_ENTRY);
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
        return new VtdDriver(host);
    }

    @Override
    public IommuHardware createHardware(HardwareHost host) {
        return new VtdHardware(host);
    }

    @Override
    public Optional<IommuInspection> inspection() {
        return Optional.of(new VtdInspection());
    }
}
