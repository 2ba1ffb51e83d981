package dev.sva4j.benchmarks;

import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.QuiesceStrategy;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.pagetable.PageTableFormat;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** An installed plug-in that keeps hold of the halves it made, so that a benchmark can call either by itself. */
final class CapturedHalves implements IommuVendor {
    private final IommuVendor vendor;
    private @Nullable IommuHardware hardware;
    private @Nullable IommuDriver driver;
    private @Nullable DriverHost driverHost;

    private CapturedHalves(IommuVendor vendor) {
        this.vendor = vendor;
    }

    static CapturedHalves of(String id) {
        for (IommuVendor each : ServiceLoader.load(IommuVendor.class)) {
            if (each.id().equals(id)) {
                return new CapturedHalves(each);
            }
        }
        throw new IllegalStateException("no plug-in " + id + " on the class path");
    }

    IommuHardware hardware() {
        return require(hardware);
    }

    IommuDriver driver() {
        return require(driver);
    }

    /** What core gave to the driver half. */
    DriverHost driverHost() {
        return require(driverHost);
    }

    private static <T> T require(@Nullable T made) {
        if (made == null) {
            throw new IllegalStateException("no system was built with this plug-in yet");
        }
        return made;
    }

    @Override
    public IommuHardware createHardware(HardwareHost host) {
        IommuHardware made = vendor.createHardware(host);
        hardware = made;
        return made;
    }

    @Override
    public IommuDriver createDriver(DriverHost host) {
        IommuDriver made = vendor.createDriver(host);
        driver = made;
        driverHost = host;
        return made;
    }

    @Override
    public String id() {
        return vendor.id();
    }

    @Override
    public String architecture() {
        return vendor.architecture();
    }

    @Override
    public String description() {
        return vendor.description();
    }

    @Override
    public PageTableFormat processFormat() {
        return vendor.processFormat();
    }

    @Override
    public List<QuiesceStrategy> quiesceStrategies() {
        return vendor.quiesceStrategies();
    }

    @Override
    public boolean hasDriver() {
        return vendor.hasDriver();
    }

    @Override
    public boolean hasHardware() {
        return vendor.hasHardware();
    }

    @Override
    public List<TransactionKind> carries() {
        return vendor.carries();
    }
}
