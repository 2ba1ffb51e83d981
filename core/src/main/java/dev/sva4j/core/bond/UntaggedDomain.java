package dev.sva4j.core.bond;

import dev.sva4j.api.IoDomain;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.event.Listeners;
import dev.sva4j.core.schedule.AuditedLock;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.pagetable.PageTableFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A domain for requests without a PASID; any number of devices may be attached to it. Thread-safe. */
public final class UntaggedDomain implements IoDomain, UntaggedHolder {
    private final Kind kind;
    private final String name;
    private final BondServices services;
    private final @Nullable PagingTables tables;
    private final Consumer<UntaggedDomain> onClose;

    private final AuditedLock lock;
    // Guarded by lock. A device is in it from before the driver half hears of the domain until nothing is left of that.
    private final List<BoundDevice> devices = new ArrayList<>();
    private boolean closed;

    private UntaggedDomain(
            Kind kind,
            String name,
            BondServices services,
            @Nullable PagingTables tables,
            Consumer<UntaggedDomain> onClose) {
        this.kind = kind;
        this.name = name;
        this.services = services;
        this.tables = tables;
        this.onClose = onClose;
        this.lock = new AuditedLock("domain " + name);
    }

    /**
     * A domain without devices.
     *
     * @param format asked for if there are page tables to write
     * @param onClose told when it is closed
     * @throws SvaException NO_MEMORY, or what {@code format} throws
     */
    public static UntaggedDomain create(
            Kind kind,
            String name,
            Supplier<PageTableFormat> format,
            BondServices services,
            Consumer<UntaggedDomain> onClose) {
        PagingTables tables =
                kind == Kind.PAGING ? PagingTables.create("domain " + name, format.get(), services) : null;
        return new UntaggedDomain(kind, name, services, tables, onClose);
    }

    /** Whether it is of the system that these listeners listen to. */
    boolean isOf(Listeners system) {
        return services.listeners() == system;
    }

    /** Whether device addresses are looked up in tables, so that page requests may come of it. */
    boolean translates() {
        return tables != null;
    }

    /**
     * Takes a device in.
     *
     * @return what the driver half has to be told
     */
    UntaggedTraffic enlist(BoundDevice device) {
        lock.lock();
        try {
            if (closed) {
                throw new SvaException(SvaError.STALE, this + " is closed");
            }
            devices.add(device);
        } finally {
            lock.unlock();
        }
        try {
            return trafficOf(device);
        } catch (RuntimeException e) {
            remove(device);
            throw e;
        }
    }

    private UntaggedTraffic trafficOf(BoundDevice device) {
        if (tables == null) {
            return kind == Kind.IDENTITY ? UntaggedTraffic.IDENTITY : UntaggedTraffic.BLOCKED;
        }
        String wanted = device.unit().driver().domainFormat(false).name();
        if (!wanted.equals(tables.format().name())) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format(
                            "%s has tables in format %s, but %s, in front of device %s, wants %s",
                            this,
                            tables.format().name(),
                            device.unit().name(),
                            device.spec().name(),
                            wanted));
        }
        return UntaggedTraffic.translated(tables.open(device));
    }

    /** Lets a device go: nothing is left of the domain in its entry. */
    void discharge(BoundDevice device, Failures failures) {
        if (tables != null) {
            tables.close(device, failures);
        }
        remove(device);
    }

    private void remove(BoundDevice device) {
        lock.lock();
        try {
            devices.remove(device);
        } finally {
            lock.unlock();
        }
    }

    // IoDomain

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public int pasid() {
        return Pasid.NONE;
    }

    @Override
    public void map(long iova, long pa, long size, Protection protection) {
        requireTables().map(iova, pa, size, protection);
    }

    @Override
    public long unmap(long iova, long size) {
        return requireTables().unmap(iova, size);
    }

    private PagingTables requireTables() {
        if (tables == null) {
            throw new SvaException(SvaError.UNSUPPORTED, this + " has no mappings; create a PAGING domain for that");
        }
        return tables;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (!devices.isEmpty()) {
                throw new SvaException(
                        SvaError.BUSY,
                        this + " has untagged traffic of "
                                + devices.stream()
                                        .map(device -> device.spec().name())
                                        .collect(Collectors.joining(", "))
                                + "; attach something else there first, or nothing");
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        if (tables != null) {
            tables.destroy();
        }
        onClose.accept(this);
    }

    @Override
    public String toString() {
        return "domain " + name + " (" + kind + ")";
    }
}
