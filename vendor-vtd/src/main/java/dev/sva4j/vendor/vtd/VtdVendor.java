package dev.sva4j.vendor.vtd;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
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
import dev.sva4j.vendor.vtd.hardware.VtdHardware;
import dev.sva4j.vendor.vtd.inspect.VtdInspection;
import java.util.List;
import java.util.Optional;

/** Intel VT-d: hardware half and decoders; no driver half yet. */
public final class VtdVendor implements IommuVendor {
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
        return List.of();
    }

    @Override
    public boolean hasDriver() {
        return false;
    }

    @Override
    public boolean hasHardware() {
        return true;
    }

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
        throw new SvaException(
                SvaError.UNSUPPORTED, "intel-vtd has no driver half: combine its hardware with another's");
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
