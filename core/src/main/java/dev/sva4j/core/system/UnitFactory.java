package dev.sva4j.core.system;

import dev.sva4j.api.SystemConfiguration;
import dev.sva4j.core.event.FaultCounters;
import dev.sva4j.core.event.Listeners;
import dev.sva4j.core.fault.FaultRouter;
import dev.sva4j.core.fault.FaultTargets;
import dev.sva4j.core.fault.PageFaultQueue;
import dev.sva4j.core.unit.IommuUnit;
import dev.sva4j.core.unit.Trace;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Makes IOMMUs, each with the router that takes its faults. */
record UnitFactory(
        SystemConfiguration configuration,
        PhysicalMemory memory,
        FrameAllocator allocator,
        Scheduler scheduler,
        PageFaultQueue queue,
        Listeners listeners,
        FaultCounters counters,
        @Nullable Trace trace) {

    /** An IOMMU that is up, and its router. */
    record Wired(IommuUnit unit, FaultRouter router) {}

    Wired create(String name, FaultTargets targets, DeviceLink link) {
        // The driver half needs the router and the router answers through the driver half; nothing arrives before both
        // are there, because no device is attached yet.
        AtomicReference<@Nullable IommuUnit> unit = new AtomicReference<>();
        FaultRouter router = new FaultRouter(
                name,
                targets,
                queue,
                listeners,
                counters,
                () -> Objects.requireNonNull(unit.get()).driver());
        IommuUnit made = new IommuUnit(name, configuration, memory, allocator, scheduler, link, router, trace);
        unit.set(made);
        return new Wired(made, router);
    }
}
