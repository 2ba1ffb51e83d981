package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.Interrupt;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.TagAllocator;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.ControlRegisters;
import org.jspecify.annotations.Nullable;

/** A running SMMU: its parts, how they are brought up, and how they are taken down. */
final class Smmu {
    private final DriverHost host;
    private final Unit unit;
    private final Features features;
    private final TableMemory memory;
    private final GlobalErrors errors;
    private final Control control;
    private final StreamTableMemory streamTable;
    private final CommandQueue commands;
    private final EventQueue events;

    /** Null without PRI. */
    private final @Nullable PriQueue pageRequests;

    private final Caches caches;
    private final TagAllocator asids;
    private final PasidEntries entries;
    private final Streams streams;
    private final Responses responses;

    /** Allocates everything that is allocated once. */
    private Smmu(DriverHost host, Unit unit, Features features, Control control, TableMemory memory) {
        this.host = host;
        this.unit = unit;
        this.features = features;
        this.control = control;
        this.memory = memory;
        this.errors = new GlobalErrors(unit);
        this.streamTable = new StreamTableMemory(unit, memory, features);
        this.commands = new CommandQueue(unit, memory, errors, control, features.commandQueueShift());
        this.events = new EventQueue(unit, memory, host.faults(), features.eventQueueShift());
        this.pageRequests =
                features.hasPri() ? new PriQueue(unit, memory, host.faults(), features.priQueueShift()) : null;
        this.caches = new Caches(unit, commands, features);
        this.asids = new TagAllocator(CdValues.QUIET_ASID + 1, features.asidBits());
        this.entries = new PasidEntries(unit, memory, caches, features, asids);
        this.streams = new Streams(unit, features, memory, streamTable, caches, entries);
        this.responses = new Responses(commands);
    }

    /**
     * Probes the hardware and brings it up. It is switched off first, so that running out of memory leaves nothing that
     * could use memory, and a failure later on is undone like a close.
     */
    static Smmu start(DriverHost host) {
        Unit unit = new Unit(host);
        Features features = Features.probe(unit);
        Control control = new Control(unit);
        control.abortWhileOff();
        control.disable();
        TableMemory memory = new TableMemory(unit, host, features.isCoherent());
        Smmu smmu;
        try {
            smmu = new Smmu(host, unit, features, control, memory);
        } catch (RuntimeException e) {
            memory.freeAll();
            throw e;
        }
        try {
            smmu.bringUp();
        } catch (RuntimeException e) {
            smmu.closeAfter(e);
            throw e;
        }
        return smmu;
    }

    private void closeAfter(RuntimeException failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** In the order of {@code arm_smmu_device_reset}: every step finds ready what it makes hardware use. */
    private void bringUp() {
        errors.acknowledgeAll();
        control.setAttributes();
        streamTable.program();
        commands.program();
        control.enable(ControlRegisters.CR0_CMDQEN);
        caches.everything();
        events.program();
        control.enable(ControlRegisters.CR0_EVENTQEN);
        if (pageRequests != null) {
            pageRequests.program();
            control.enable(ControlRegisters.CR0_PRIQEN);
        }
        if (features.hasAts()) {
            control.enable(ControlRegisters.CR0_ATSCHK);
        }
        enableInterrupt(InterruptSource.EVENT_QUEUE, events::onInterrupt);
        if (pageRequests != null) {
            enableInterrupt(InterruptSource.PRI_QUEUE, pageRequests::onInterrupt);
        }
        ErrorInterrupt errorInterrupt = new ErrorInterrupt(unit, errors, commands, events, pageRequests, host.faults());
        enableInterrupt(InterruptSource.GLOBAL_ERROR, errorInterrupt::handle);
        control.enable(ControlRegisters.CR0_SMMUEN);
    }

    private void enableInterrupt(InterruptSource source, Runnable handler) {
        Interrupt interrupt = host.allocateInterrupt(unit.name() + "-" + source.label(), source.line(), handler);
        if (features.hasMessages()) {
            control.program(source, interrupt);
        }
        control.enable(source);
    }

    /** Takes everything down. If hardware does not acknowledge, nothing is freed: it may still write to its queues. */
    void close() {
        control.disable();
        events.stop();
        if (pageRequests != null) {
            pageRequests.stop();
        }
        memory.freeAll();
    }

    IommuCapabilities capabilities() {
        return features.capabilities();
    }

    Streams streams() {
        return streams;
    }

    PasidEntries entries() {
        return entries;
    }

    Responses responses() {
        return responses;
    }

    /** Returns the format as what it is, or refuses it. */
    Vmsav8_64 check(PageTableFormat format) {
        String obstacle = Formats.obstacle(format, features, host.memory());
        if (!obstacle.isEmpty() || !(format instanceof Vmsav8_64 tables)) {
            throw unit.refusal(SvaError.UNSUPPORTED, obstacle);
        }
        return tables;
    }

    /** Domains use the format of processes: stage 1 is the only one there is. */
    Vmsav8_64 domainFormat(boolean tagged) {
        if (tagged && features.capabilities().pasidBits() == 0) {
            throw unit.refusal(SvaError.UNSUPPORTED, "IDR1.SSIDSIZE is 0: no request carries a PASID");
        }
        return check(Vmsav8_64.LINUX_4K);
    }

    SmmuContext openContext(PageTableFormat format, long root) {
        Vmsav8_64 tables = check(format);
        long alignment = 1L << tables.tableShift(tables.topLevel());
        if (Long.remainderUnsigned(root, alignment) != 0 || !AddressSize.fits(root, features.outputBits())) {
            throw unit.refusal(
                    SvaError.INVALID,
                    String.format(
                            "root 0x%x is not a %d-bit address aligned to 0x%x",
                            root, features.outputBits(), alignment));
        }
        int asid = asids.allocate();
        if (asid == TagAllocator.NONE) {
            throw unit.refusal(SvaError.NO_SPACE, "every ASID of " + features.asidBits() + " bits is taken");
        }
        return new SmmuContext(this, tables, root, asid);
    }

    /** The ASID is free when no TLB knows it; if that cannot be made sure of in time, it never is. */
    void closeContext(SmmuContext context) {
        boolean unused = context.bonds().close();
        caches.translations(context);
        if (unused) {
            asids.free(context.asid());
        }
    }

    void invalidate(SmmuContext context, long start, long last, boolean tables) {
        caches.range(context, start, last, tables);
    }

    /** Stalled transactions are in the Event queue, page requests in the other. */
    void drain(int requester) {
        if (pageRequests != null) {
            pageRequests.drain();
        }
        if (streams.get(requester).stalls()) {
            events.drain();
        }
    }
}
