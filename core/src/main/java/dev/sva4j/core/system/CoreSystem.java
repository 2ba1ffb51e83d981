package dev.sva4j.core.system;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.Endpoint;
import dev.sva4j.api.IoDomain;
import dev.sva4j.api.PasidAllocator;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.api.SystemCounters;
import dev.sva4j.core.bond.BondDirectory;
import dev.sva4j.core.bond.BoundDevice;
import dev.sva4j.core.bond.DomainDirectory;
import dev.sva4j.core.bond.SystemDevice;
import dev.sva4j.core.event.FaultCounters;
import dev.sva4j.core.fault.PageFaultQueue;
import dev.sva4j.core.mm.MmEnvironment;
import dev.sva4j.core.mm.ProcessMm;
import dev.sva4j.core.pasid.PasidSpace;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A running system. */
final class CoreSystem implements SvaSystem {
    // For tear-downs that run a callback of the driver's (inline policy); all others wait for the hardware only.
    private static final long EXIT_TIMEOUT_NANOS = 10_000_000_000L;

    private final MmEnvironment environment;
    private final DeviceDirectory devices;
    private final BondDirectory bonds;
    private final DomainDirectory domains;
    private final PasidSpace pasids;
    private final PageFaultQueue queue;
    private final FaultCounters counters;

    // Address spaces that still have a reference.
    private final Set<ProcessMm> spaces = ConcurrentHashMap.newKeySet();

    // Tear-downs that run on tasks of their own end before the hardware does.
    private final AtomicInteger living = new AtomicInteger();
    private final Scheduler.WaitQueue spacesGone;
    private final AtomicBoolean closed = new AtomicBoolean();

    // Set once, before the system is handed out.
    private @Nullable Scheduler ownScheduler;

    CoreSystem(
            MmEnvironment environment,
            DeviceDirectory devices,
            BondDirectory bonds,
            DomainDirectory domains,
            PasidSpace pasids,
            PageFaultQueue queue,
            FaultCounters counters) {
        this.environment = environment;
        this.devices = devices;
        this.bonds = bonds;
        this.domains = domains;
        this.pasids = pasids;
        this.queue = queue;
        this.counters = counters;
        this.spacesGone = environment.scheduler().newWaitQueue("end of address spaces");
    }

    CoreSystem ownScheduler(@Nullable Scheduler toClose) {
        ownScheduler = toClose;
        return this;
    }

    @Override
    public AddressSpace createAddressSpace(String name) {
        requireOpen();
        return ProcessMm.create(name, environment, this::created, this::forgotten);
    }

    private void created(ProcessMm mm) {
        living.incrementAndGet();
        spaces.add(mm);
    }

    private void forgotten(ProcessMm mm) {
        spaces.remove(mm);
        bonds.forget(mm);
        if (living.decrementAndGet() == 0) {
            spacesGone.wakeAll();
        }
    }

    @Override
    public Endpoint addDevice(DeviceSpec spec) {
        requireOpen();
        return devices.add(spec).endpoint();
    }

    @Override
    public Endpoint endpoint(String deviceName) {
        return devices.require(deviceName).endpoint();
    }

    @Override
    public SvaDevice initDevice(String deviceName, DeviceOptions options) {
        requireOpen();
        return devices.require(deviceName).initialise(options);
    }

    @Override
    public IoDomain createDomain(IoDomain.Kind kind, String name) {
        requireOpen();
        return domains.create(kind, name, devices::untaggedFormat);
    }

    @Override
    public PasidAllocator pasids() {
        return pasids;
    }

    @Override
    public SystemCounters counters() {
        FrameAllocator allocator = environment.allocator();
        long attempted = 0;
        long completed = 0;
        long aborted = 0;
        for (SystemDevice device : devices.all()) {
            // Ends before beginnings, so that none has ended without beginning. What is neither completed nor aborted
            // is running.
            aborted += device.endpoint().dmaAborted();
            completed += device.endpoint().dmaCompleted();
            attempted += device.endpoint().dmaAttempted();
        }
        return new SystemCounters(
                counters.fromHardware.sum(),
                counters.reported.sum(),
                counters.dropped.sum(),
                counters.pageRequests.sum(),
                counters.pageGroups.sum(),
                counters.success.sum(),
                counters.invalid.sum(),
                counters.failure.sum(),
                counters.discarded.sum(),
                attempted,
                completed,
                aborted,
                allocator.capacityBytes() - allocator.allocatedBytes(),
                allocator.capacityBytes());
    }

    @Override
    public Scheduler scheduler() {
        return environment.scheduler();
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new SvaException(SvaError.STALE, "this system is closed");
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List<String> problems = new ArrayList<>();
        boolean[] timedOut = new boolean[1];
        try {
            environment.scheduler().run("close", () -> shutDown(problems, timedOut));
        } finally {
            Scheduler own = ownScheduler;
            if (own != null) {
                own.close();
            }
        }
        if (!problems.isEmpty()) {
            throw new SvaException(
                    timedOut[0] ? SvaError.TIMED_OUT : SvaError.BUSY,
                    "the system was closed while in use: " + String.join("; ", problems));
        }
    }

    private void shutDown(List<String> problems, boolean[] timedOut) {
        for (SystemDevice device : devices.all()) {
            BoundDevice initialised = device.initialised();
            if (initialised != null) {
                problems.addAll(initialised.leftovers());
                try {
                    initialised.close();
                } catch (RuntimeException e) {
                    timedOut[0] = true;
                    problems.add(String.valueOf(e.getMessage()));
                }
            }
        }
        domains.close();
        spaces.forEach(ProcessMm::close);
        if (!spacesGone.await(() -> living.get() == 0, environment.scheduler().nanoTime() + EXIT_TIMEOUT_NANOS)) {
            timedOut[0] = true;
            spaces.forEach(mm -> problems.add("the exit of " + mm + " did not end, let its callback return"));
        }
        queue.close();
        int before = problems.size();
        devices.close(problems);
        boolean broken = problems.size() > before;
        long leaked = environment.allocator().allocatedBytes();
        if (leaked != 0 && !timedOut[0] && !broken) {
            throw new IllegalStateException(
                    leaked + " bytes of memory were not given back; this is a bug of sva4j or of the plug-in");
        }
        if (pasids.allocated() != 0) {
            problems.add(pasids.allocated() + " private PASIDs were not released");
        }
    }
}
