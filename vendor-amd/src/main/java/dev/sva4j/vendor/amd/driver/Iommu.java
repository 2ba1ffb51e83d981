package dev.sva4j.vendor.amd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.Interrupt;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.driver.CompletionQueue;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.TagAllocator;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.vendor.amd.layout.CompletePprRequest;
import dev.sva4j.vendor.amd.layout.DeviceTableBase;
import dev.sva4j.vendor.amd.layout.PprLogRegisters;
import dev.sva4j.vendor.amd.layout.StatusRegister;
import org.jspecify.annotations.Nullable;

/** A running IOMMU: its parts, how they are brought up, and how they are taken down. */
final class Iommu {
    /** The wired line, for hardware whose message registers do not show. */
    private static final int LINE = 0;

    private final DriverHost host;
    private final Unit unit;
    private final Features features;
    private final Control control;
    private final TableMemory memory;
    private final DeviceTableMemory deviceTable;
    private final CommandRing commands;
    private final CompletionQueue queue;
    private final EventLog events;

    /** Null without page requests. */
    private final @Nullable PprLog pageRequests;

    private final Caches caches;
    private final TagAllocator domains;
    private final Gcr3Entries entries;
    private final Devices devices;
    private final Responses responses;

    /** Allocates everything that is allocated once. */
    private Iommu(DriverHost host, Unit unit, Features features, Control control, TableMemory memory) {
        this.host = host;
        this.unit = unit;
        this.features = features;
        this.control = control;
        this.memory = memory;
        Quiesce quiesce = new Quiesce(unit, host, memory);
        this.deviceTable = new DeviceTableMemory(unit, memory);
        this.commands = CommandRing.allocate(unit, memory, control);
        this.queue = new CompletionQueue(unit, commands);
        this.events = new EventLog(unit, memory, control, host.faults(), this::invalidationTimedOut);
        this.pageRequests = features.hasPageRequests() ? new PprLog(unit, memory, control, host.faults()) : null;
        DeviceTlbInvalidation deviceTlbs = new DeviceTlbInvalidation(unit, queue, events, control.invTimeOutNanos());
        this.caches = new Caches(queue, deviceTlbs, features);
        this.domains = new TagAllocator(AmdContext.NO_DOMAIN + 1, features.domainIdBits());
        this.entries = new Gcr3Entries(unit, memory, caches, quiesce);
        UntaggedEntries untagged = features.translatesGuests()
                ? new GuestUntagged(deviceTable, caches, entries)
                : new HostUntagged(unit, deviceTable, caches, quiesce, domains);
        this.devices = new Devices(unit, features, memory, deviceTable, caches, entries, untagged, domains);
        this.responses = new Responses(queue);
    }

    /**
     * Probes the hardware and brings it up. It is switched off first, so that running out of memory leaves nothing that could
     * use memory, and a failure later on is undone like a close.
     */
    static Iommu start(DriverHost host) {
        Unit unit = new Unit(host);
        Features features = Features.probe(unit);
        Control control = new Control(unit, features);
        control.reset();
        // Control.Coherent is 1: tables and queues are snooped.
        TableMemory memory = new TableMemory(unit, host, true);
        Iommu started;
        try {
            started = new Iommu(host, unit, features, control, memory);
        } catch (RuntimeException e) {
            memory.freeAll();
            throw e;
        }
        try {
            started.bringUp();
        } catch (RuntimeException e) {
            started.closeAfter(e);
            throw e;
        }
        return started;
    }

    private void closeAfter(RuntimeException failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** In the order of {@code early_enable_iommus}, interrupts and page requests last. */
    private void bringUp() {
        unit.write(DeviceTableBase.DEVTAB_BASE, deviceTable.base());
        commands.program();
        events.program();
        if (pageRequests != null) {
            pageRequests.program();
        }
        unit.write(StatusRegister.STATUS, StatusRegister.flags());
        control.enable();
        caches.everything();
        InterruptHandler handler = new InterruptHandler(unit, queue, events, pageRequests);
        Interrupt interrupt = host.allocateInterrupt(unit.name(), LINE, handler::handle);
        if (features.hasMessageRegisters()) {
            MessageInterrupt.enable(unit, interrupt);
        }
        control.enableEventInterrupt();
        if (pageRequests != null) {
            if (features.hasAutoResponses()) {
                // Success: the device asks again, when there may be room.
                unit.write(
                        PprLogRegisters.PPR_AUTO_RESPONSE,
                        PprLogRegisters.PPR_AUTO_RSP_CODE.encode(CompletePprRequest.RESPONSE_SUCCESS));
            }
            control.enablePageRequests();
        }
    }

    /** Takes everything down. If hardware does not acknowledge, nothing is freed: it may still write to logs and status words. */
    void close() {
        queue.stop();
        control.reset();
        if (features.hasMessageRegisters()) {
            MessageInterrupt.disable(unit);
        }
        events.stop();
        if (pageRequests != null) {
            pageRequests.stop();
        }
        memory.freeAll();
    }

    /** Events come when everything is there. */
    private void invalidationTimedOut(int requester) {
        devices.timedOut(requester);
    }

    IommuCapabilities capabilities() {
        return features.capabilities();
    }

    Devices devices() {
        return devices;
    }

    Gcr3Entries entries() {
        return entries;
    }

    Responses responses() {
        return responses;
    }

    void check(PageTableFormat format) {
        String obstacle = Formats.obstacle(format, features);
        if (!obstacle.isEmpty()) {
            throw unit.refusal(SvaError.UNSUPPORTED, obstacle);
        }
    }

    PageTableFormat domainFormat(boolean tagged) {
        if (tagged && features.pasidBits() == 0) {
            throw unit.refusal(SvaError.UNSUPPORTED, "EFR.GTSup and GIoSup are not both 1: no request carries a PASID");
        }
        return Formats.forDomains(features);
    }

    AmdContext openContext(PageTableFormat format, long root) {
        check(format);
        if (!Formats.isRoot(root)) {
            throw unit.refusal(SvaError.INVALID, String.format("root 0x%x is not the address of a 4 KiB frame", root));
        }
        int domainId = AmdContext.NO_DOMAIN;
        if (!features.translatesGuests()) {
            domainId = domains.allocate();
            if (domainId == TagAllocator.NONE) {
                throw unit.refusal(
                        SvaError.NO_SPACE, "every DomainID of " + features.domainIdBits() + " bits is taken");
            }
        }
        return new AmdContext(this, format, root, domainId);
    }

    /** A DomainID is free when no cache knows it; if that cannot be made sure of in time, it never is. */
    void closeContext(AmdContext context) {
        boolean unused = context.bonds().close();
        if (context.hasDomainOfItsOwn()) {
            caches.domain(context.domainId());
            if (unused) {
                domains.free(context.domainId());
            }
        }
    }

    void invalidate(AmdContext context, long start, long last, boolean tables) {
        caches.range(context, start, last, tables);
    }

    /**
     * What the logs had at the start has been delivered when this returns: page requests, and the faults of a PASID that core is
     * about to forget. The device TLB has answered since the entry was cleared, so requests that it sent before are in the log.
     */
    void drain(int requester) {
        devices.get(requester);
        events.drain();
        if (pageRequests != null) {
            pageRequests.drain();
        }
    }
}
