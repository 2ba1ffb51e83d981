package dev.sva4j.core.endpoint;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.Endpoint;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.unit.DevicePort;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.TransactionKind;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A function behind an IOMMU: its ATC, its page requests, its DMA channels, and the switches that software holds (bus
 * master, ATS, PRI).
 *
 * <p>Thread-safe.
 */
public final class DeviceEndpoint implements Endpoint {
    private final DeviceSpec spec;
    private final DevicePort port;
    private final Scheduler scheduler;
    private final DeviceTlb tlb;
    private final InFlightSections sections = new InFlightSections();
    private final @Nullable PageRequestInterface pageRequests;
    private final Scheduler.WaitQueue completions;
    private final List<DmaEngine> engines = new CopyOnWriteArrayList<>();
    private final LongAdder translationRequests = new LongAdder();
    private final LongAdder invalidations = new LongAdder();
    private final Runnable onRemoval;

    // Switches: written by whoever enables, fences or removes; read by engines inside a section, so that after a grace
    // period nobody acts on the old value.
    private volatile boolean ats;
    private volatile boolean fenced;
    private volatile boolean present = true;

    /**
     * A function with everything switched off but bus master.
     *
     * @param onRemoval told when it was pulled out
     */
    public DeviceEndpoint(DeviceSpec spec, DevicePort port, Scheduler scheduler, Runnable onRemoval) {
        this.spec = spec;
        this.port = port;
        this.scheduler = scheduler;
        this.onRemoval = onRemoval;
        this.tlb = new DeviceTlb(spec.name());
        this.completions = scheduler.newWaitQueue("completions of " + spec.name());
        this.pageRequests = spec.pageRequestCredit() == 0
                ? null
                : new PageRequestInterface(
                        spec.name(),
                        spec.requester(),
                        spec.pageRequestCredit(),
                        scheduler,
                        sections,
                        port::pageRequest);
    }

    // What software switches.

    /**
     * Turns ATS on, or off: then the ATC is emptied and nothing goes out translated any more once what is in flight has
     * ended.
     */
    public void setAts(boolean on) {
        if (on) {
            tlb.enable();
            ats = true;
        } else {
            ats = false;
            tlb.disable();
            drain();
        }
    }

    /** Turns page requests on or off. */
    public void setPageRequests(boolean on) {
        PageRequestInterface requests = pageRequests;
        if (requests != null) {
            if (on) {
                requests.enable();
            } else {
                requests.disable();
            }
        }
    }

    /**
     * Cuts the function off: bus master and ATS off. When this returns it hands no request over to the IOMMU any more,
     * and nothing of it is on its way to memory by translated requests; what waits for a page response ends.
     */
    public void fence() {
        fenced = true;
        setPageRequests(false);
        setAts(false);
    }

    private void drain() {
        boolean[] drained = new boolean[1];
        Scheduler.WaitQueue queue = scheduler.newWaitQueue("fence of " + spec.name());
        sections.whenDrained(() -> {
            drained[0] = true;
            queue.wakeAll();
        });
        queue.await(() -> drained[0], Scheduler.NEVER);
    }

    // Messages from the IOMMU.

    /**
     * See {@link dev.sva4j.spi.DeviceLink#invalidateAtc}. For a function that is gone the root port answers:
     * Unsupported Request.
     */
    public void invalidateAtc(int pasid, long address, int log2Bytes, boolean global, int tag) {
        tlb.invalidate(pasid, address, log2Bytes, global);
        sections.whenDrained(() -> {
            invalidations.increment();
            port.atcInvalidationComplete(spec.requester(), tag);
        });
    }

    /** See {@link dev.sva4j.spi.DeviceLink#pageGroupResponse}. */
    public void pageGroupResponse(int pasid, int group, ResponseCode code) {
        PageRequestInterface requests = pageRequests;
        if (requests != null && present) {
            requests.response(pasid, group, code);
        }
    }

    // What device models use.

    @Override
    public DeviceSpec spec() {
        return spec;
    }

    @Override
    public DmaPort openPort() {
        return new DmaChannel(this, newEngine(), newEngine());
    }

    private DmaEngine newEngine() {
        DmaEngine engine = new DmaEngine(this);
        engines.add(engine);
        return engine;
    }

    @Override
    public void surpriseRemove() {
        if (present) {
            present = false;
            fence();
            onRemoval.run();
        }
    }

    @Override
    public boolean isPresent() {
        return present;
    }

    @Override
    public Counters counters() {
        PageRequestInterface requests = pageRequests;
        return new Counters(
                engines.stream().mapToLong(DmaEngine::atcHits).sum(),
                translationRequests.sum(),
                requests == null ? 0 : requests.sent(),
                requests == null ? 0 : requests.received(),
                invalidations.sum());
    }

    /** DMA operations started by all channels. */
    public long dmaAttempted() {
        return engines.stream().mapToLong(DmaEngine::attempted).sum();
    }

    /** DMA operations that ended without. */
    public long dmaAborted() {
        return engines.stream().mapToLong(DmaEngine::aborted).sum();
    }

    /** DMA operations that ended with all data transferred. */
    public long dmaCompleted() {
        return engines.stream().mapToLong(DmaEngine::completed).sum();
    }

    // For engines and channels.

    int requester() {
        return spec.requester();
    }

    DevicePort port() {
        return port;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    DeviceTlb tlb() {
        return tlb;
    }

    InFlightSections sections() {
        return sections;
    }

    @Nullable
    PageRequestInterface pageRequests() {
        return pageRequests;
    }

    Scheduler.WaitQueue completionQueue() {
        return completions;
    }

    boolean usesAts() {
        return ats;
    }

    boolean isCutOff() {
        return fenced || !present;
    }

    void countTranslationRequest() {
        translationRequests.increment();
    }

    void checkCarries(int pasid, boolean atomic) {
        if (pasid != DmaPort.NO_PASID && (pasid < 0 || pasid >>> spec.pasidBits() != 0)) {
            throw new SvaException(
                    SvaError.RANGE,
                    String.format(
                            "device %s cannot emit PASID %d: it has %d PASID bits",
                            spec.name(), pasid, spec.pasidBits()));
        }
        require(pasid == DmaPort.NO_PASID ? TransactionKind.UNTAGGED : TransactionKind.PASID_TAGGED);
        if (atomic) {
            require(TransactionKind.ATOMIC);
        }
    }

    private void require(TransactionKind kind) {
        if (!port.carries(kind)) {
            throw new SvaException(
                    SvaError.UNSUPPORTED,
                    "the IOMMU model in front of " + spec.name() + " does not carry " + kind + " requests");
        }
    }

    static long deadline(Scheduler scheduler, long timeoutNanos) {
        long deadline = scheduler.nanoTime() + timeoutNanos;
        // A time-out so long that it wraps is for ever.
        return deadline < scheduler.nanoTime() ? Scheduler.NEVER : deadline;
    }
}
