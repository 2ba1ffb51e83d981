package dev.sva4j.core.bond;

import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.endpoint.DeviceEndpoint;
import dev.sva4j.core.fault.FaultRouter;
import dev.sva4j.core.unit.IommuUnit;
import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.Scheduler;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A device of the system: what it is, where it is attached, and whether a driver has initialised it. Thread-safe. */
public final class SystemDevice {
    private final DeviceSpec spec;
    private final IommuUnit unit;
    private final FaultRouter router;
    private final DeviceEndpoint endpoint;
    private final BondDirectory directory;

    // By PASID. Changed under the entry mutex of the address space concerned; read by faults without a lock.
    private final ConcurrentMap<Integer, Bond> bonds = new ConcurrentHashMap<>();

    // Claimed before anything is switched on, so that of two concurrent initialisations one is refused without side
    // effects.
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final AtomicReference<@Nullable BoundDevice> initialised = new AtomicReference<>();
    private final AtomicBoolean fenced = new AtomicBoolean();
    // Raised when fencing is over, before its queue is woken.
    private volatile boolean cutOff;
    private final Scheduler.WaitQueue cutOffQueue;

    /** Attaches a device: every request of it aborts. */
    public SystemDevice(DeviceSpec spec, IommuUnit unit, FaultRouter router, BondDirectory directory) {
        this.spec = spec;
        this.unit = unit;
        this.router = router;
        this.directory = directory;
        this.cutOffQueue = directory.services().scheduler().newWaitQueue("fence of " + spec.name());
        IommuCapabilities capabilities = unit.capabilities();
        unit.driver()
                .attachDevice(new DeviceAttachment(
                        spec.requester(),
                        Math.min(spec.pasidBits(), capabilities.pasidBits()),
                        spec.stall() && capabilities.has(IommuCapabilities.Feature.STALL),
                        spec.ats() && capabilities.has(IommuCapabilities.Feature.ATS),
                        spec.pageRequestCredit() > 0 && capabilities.has(IommuCapabilities.Feature.PRI)));
        this.endpoint = new DeviceEndpoint(
                spec,
                unit.port(),
                directory.services().scheduler(),
                () -> unit.driver().deviceGone(spec.requester()));
    }

    public DeviceSpec spec() {
        return spec;
    }

    public IommuUnit unit() {
        return unit;
    }

    public DeviceEndpoint endpoint() {
        return endpoint;
    }

    FaultRouter router() {
        return router;
    }

    ConcurrentMap<Integer, Bond> bonds() {
        return bonds;
    }

    /** The bond of a PASID, for faults. */
    public @Nullable Bond findBond(int pasid) {
        return bonds.get(pasid);
    }

    /** The initialised device, if it is. */
    public @Nullable BoundDevice initialised() {
        return initialised.get();
    }

    /** Prepares it for SVA; all or nothing. */
    public BoundDevice initialise(DeviceOptions options) {
        if (!endpoint.isPresent()) {
            throw new SvaException(SvaError.NO_DEVICE, "device " + spec.name() + " was removed");
        }
        if (!claimed.compareAndSet(false, true)) {
            throw new SvaException(
                    SvaError.EXISTS, "device " + spec.name() + " is initialised already; close it before initDevice");
        }
        try {
            BoundDevice ready = BoundDevice.initialise(this, options, directory);
            initialised.set(ready);
            return ready;
        } catch (RuntimeException e) {
            claimed.set(false);
            throw e;
        }
    }

    void closed(BoundDevice device) {
        initialised.compareAndSet(device, null);
        claimed.set(false);
    }

    /**
     * Cuts it off: when this returns nothing of it reaches memory by translated requests, and no command waits for it
     * any more.
     */
    void fence(String reason) {
        if (!fenced.compareAndSet(false, true)) {
            // Somebody else does it. Whoever asks is about to reuse memory, so it has to be over.
            cutOffQueue.await(() -> cutOff, Scheduler.NEVER);
            return;
        }
        try {
            endpoint.fence();
            unit.driver().deviceGone(spec.requester());
        } finally {
            cutOff = true;
            cutOffQueue.wakeAll();
        }
        directory.services().listeners().deviceFenced(spec.name(), reason);
    }

    /** Undoes the attachment. */
    public void detach() {
        unit.driver().detachDevice(spec.requester());
    }
}
