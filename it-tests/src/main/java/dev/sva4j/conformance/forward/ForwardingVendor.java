package dev.sva4j.conformance.forward;

import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuInspection;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.QuiesceStrategy;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.pagetable.PageTableFormat;
import java.util.List;
import java.util.Optional;

/** A plug-in that is another one, for subclasses to differ in one point. */
public abstract class ForwardingVendor implements IommuVendor {
    private final IommuVendor to;

    /** Passes on to {@code to}. */
    protected ForwardingVendor(IommuVendor to) {
        this.to = to;
    }

    @Override
    public String id() {
        return to.id();
    }

    @Override
    public String architecture() {
        return to.architecture();
    }

    @Override
    public String description() {
        return to.description();
    }

    @Override
    public PageTableFormat processFormat() {
        return to.processFormat();
    }

    @Override
    public List<QuiesceStrategy> quiesceStrategies() {
        return to.quiesceStrategies();
    }

    @Override
    public boolean hasDriver() {
        return to.hasDriver();
    }

    @Override
    public boolean hasHardware() {
        return to.hasHardware();
    }

    @Override
    public List<TransactionKind> carries() {
        return to.carries();
    }

    @Override
    public boolean needsMemoryFile() {
        return to.needsMemoryFile();
    }

    @Override
    public IommuDriver createDriver(DriverHost host) {
        return to.createDriver(host);
    }

    @Override
    public IommuHardware createHardware(HardwareHost host) {
        return to.createHardware(host);
    }

    @Override
    public Optional<IommuInspection> inspection() {
        return to.inspection();
    }
}
