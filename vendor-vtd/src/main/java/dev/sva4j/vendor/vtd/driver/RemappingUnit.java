package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.driver.CompletionQueue;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.TagAllocator;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.X86_64;
import org.jspecify.annotations.Nullable;

/** A running remapping unit: its parts, how they are brought up, and how they are taken down. */
final class RemappingUnit {
    /** There are only messages; the numbers are for machines that count interrupts. */
    private static final int FAULT_LINE = 0;

    private static final int PAGE_REQUEST_LINE = 1;

    private final DriverHost host;
    private final Unit unit;
    private final Features features;
    private final GlobalControl control;
    private final TableMemory memory;
    private final RootTableMemory rootTable;
    private final DescriptorRing ring;
    private final CompletionQueue queue;
    private final FaultRecords faultRecords;

    /** Null without page requests. */
    private final @Nullable PageRequestQueue pageRequests;

    private final Caches caches;
    private final TagAllocator domains;
    private final PasidEntries entries;
    private final Devices devices;
    private final Responses responses;

    /** Allocates everything that is allocated once. */
    private RemappingUnit(DriverHost host, Unit unit, Features features, GlobalControl control, TableMemory memory) {
        this.host = host;
        this.unit = unit;
        this.features = features;
        this.control = control;
        this.memory = memory;
        this.rootTable = new RootTableMemory(unit, memory);
        this.ring = DescriptorRing.allocate(unit, memory);
        this.queue = new CompletionQueue(unit, ring);
        this.faultRecords = new FaultRecords(unit, host.faults(), features);
        this.pageRequests = features.hasPageRequests() ? new PageRequestQueue(unit, memory, host.faults()) : null;
        this.caches = new Caches(unit, queue, features);
        this.domains = new TagAllocator(VtdContext.FIRST_DID, features.domainIdBits());
        EntryValues values = new EntryValues(features);
        this.entries = new PasidEntries(unit, memory, caches, values, domains);
        this.devices =
                new Devices(unit, features, memory, rootTable, caches, entries, values, VtdContext.passThrough(this));
        this.responses = new Responses(queue);
    }

    /**
     * Probes the hardware and brings it up. It is switched off first, so that running out of memory leaves nothing that could
     * use memory, and a failure later on is undone like a close.
     */
    static RemappingUnit start(DriverHost host) {
        Unit unit = new Unit(host);
        Features features = Features.probe(unit);
        GlobalControl control = new GlobalControl(unit);
        control.maskInterrupts();
        if (control.isTranslating()) {
            control.enableTranslation(false);
        }
        if (control.isInvalidationQueued()) {
            control.enableQueuedInvalidation(false);
        }
        TableMemory memory = new TableMemory(unit, host, features.isCoherent());
        RemappingUnit started;
        try {
            started = new RemappingUnit(host, unit, features, control, memory);
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

    /** In the order of {@code init_dmars}: every step finds ready what it makes hardware use. */
    private void bringUp() {
        faultRecords.discard();
        ring.program();
        control.enableQueuedInvalidation(true);
        control.setRootTable(rootTable.root());
        if (!features.invalidatesWithRootTable()) {
            caches.everything();
        }
        if (pageRequests != null) {
            pageRequests.program();
            control.enable(
                    GlobalControl.PAGE_REQUEST_EVENT,
                    host.allocateInterrupt(unit.name() + "-prq", PAGE_REQUEST_LINE, pageRequests::onInterrupt));
        }
        FaultEvent faultEvent = new FaultEvent(queue, faultRecords);
        control.enable(
                GlobalControl.FAULT_EVENT,
                host.allocateInterrupt(unit.name() + "-fault", FAULT_LINE, faultEvent::handle));
        control.enableTranslation(true);
    }

    /**
     * Takes everything down. If hardware does not acknowledge, nothing is freed: it may still write to its queue and to status
     * words. Without translation no page request is taken (VT-d 9.1).
     */
    void close() {
        control.maskInterrupts();
        if (control.isTranslating()) {
            control.enableTranslation(false);
        }
        if (control.isInvalidationQueued()) {
            queue.stop();
            control.enableQueuedInvalidation(false);
        }
        faultRecords.stop();
        if (pageRequests != null) {
            pageRequests.stop();
        }
        memory.freeAll();
    }

    IommuCapabilities capabilities() {
        return features.capabilities();
    }

    Devices devices() {
        return devices;
    }

    PasidEntries entries() {
        return entries;
    }

    Responses responses() {
        return responses;
    }

    /** Returns the format as what it is, or refuses it. */
    X86_64 check(PageTableFormat format) {
        String obstacle = Formats.obstacle(format, features);
        if (!obstacle.isEmpty() || !(format instanceof X86_64 tables)) {
            throw unit.refusal(SvaError.UNSUPPORTED, obstacle);
        }
        return tables;
    }

    /** Domains use the format of processes: the first stage serves requests of both kinds. */
    X86_64 domainFormat(boolean tagged) {
        if (tagged && features.pasidBits() == 0) {
            throw unit.refusal(SvaError.UNSUPPORTED, "ECAP.PASID is 0: no request carries a PASID");
        }
        return Formats.forDomains(features);
    }

    VtdContext openContext(PageTableFormat format, long root) {
        X86_64 tables = check(format);
        if (!Formats.isRoot(root)) {
            throw unit.refusal(SvaError.INVALID, String.format("root 0x%x is not the address of a 4 KiB frame", root));
        }
        int did = domains.allocate();
        if (did == TagAllocator.NONE) {
            throw unit.refusal(SvaError.NO_SPACE, "every domain id of " + features.domainIdBits() + " bits is taken");
        }
        return VtdContext.translating(this, tables, root, did);
    }

    /** The DID is free when no cache knows it; if that cannot be made sure of in time, it never is. */
    void closeContext(VtdContext context) {
        boolean unused = context.bonds().close();
        caches.domain(context);
        if (unused) {
            domains.free(context.did());
        }
    }

    void invalidate(VtdContext context, long start, long last, boolean tables) {
        caches.range(context, start, last, tables);
    }

    void drain(int requester, int pasid) {
        Device device = devices.get(requester);
        if (pageRequests != null) {
            new PageRequestDrain(pageRequests, caches).run(device, pasid);
        }
    }
}
