package dev.sva4j.vendor.amd;

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
import dev.sva4j.vendor.amd.hardware.AmdHardware;
import dev.sva4j.vendor.amd.inspect.AmdInspection;
import java.util.List;
import java.util.Optional;

/** AMD-Vi: hardware half and decoders. */
public final class AmdVendor implements IommuVendor {
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
        throw new SvaException(SvaError.UNSUPPORTED, "amd-vi has no driver half; it can read tables only");
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
