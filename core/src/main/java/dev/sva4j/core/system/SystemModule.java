package dev.sva4j.core.system;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import dev.sva4j.api.SystemConfiguration;
import dev.sva4j.api.TraceSink;
import dev.sva4j.core.bond.BondDirectory;
import dev.sva4j.core.bond.BondServices;
import dev.sva4j.core.bond.DomainDirectory;
import dev.sva4j.core.event.FaultCounters;
import dev.sva4j.core.event.Listeners;
import dev.sva4j.core.fault.PageFaultQueue;
import dev.sva4j.core.memory.BuddyFrameAllocator;
import dev.sva4j.core.mm.FrameTable;
import dev.sva4j.core.mm.MmEnvironment;
import dev.sva4j.core.pasid.PasidSpace;
import dev.sva4j.core.unit.Trace;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import java.util.Optional;

/** How the parts of one system find each other. Bindings only, no logic. */
final class SystemModule extends AbstractModule {
    private final SystemConfiguration configuration;
    private final Scheduler scheduler;
    private final PhysicalMemory memory;

    SystemModule(SystemConfiguration configuration, Scheduler scheduler, PhysicalMemory memory) {
        this.configuration = configuration;
        this.scheduler = scheduler;
        this.memory = memory;
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        binder().disableCircularProxies();
        bind(SystemConfiguration.class).toInstance(configuration);
        bind(Scheduler.class).toInstance(scheduler);
        bind(PhysicalMemory.class).toInstance(memory);
        bind(Listeners.class).toInstance(new Listeners(configuration.listeners()));
        bind(FaultCounters.class).toInstance(new FaultCounters());
        bind(PasidSpace.class).toInstance(new PasidSpace());
    }

    @Provides
    @Singleton
    FrameAllocator allocator(PhysicalMemory memory) {
        return new BuddyFrameAllocator(memory);
    }

    @Provides
    @Singleton
    FrameTable frames(PhysicalMemory memory, FrameAllocator allocator) {
        return new FrameTable(memory, allocator);
    }

    @Provides
    @Singleton
    PageFaultQueue faultQueue() {
        return new PageFaultQueue(scheduler, configuration.faultWorkers());
    }

    @Provides
    @Singleton
    BondServices bondServices(Listeners listeners, PasidSpace pasids, PhysicalMemory memory, FrameAllocator allocator) {
        return new BondServices(scheduler, listeners, pasids, memory, allocator);
    }

    @Provides
    @Singleton
    BondDirectory bonds(BondServices services) {
        return new BondDirectory(services);
    }

    @Provides
    @Singleton
    DomainDirectory domains(BondServices services) {
        return new DomainDirectory(services);
    }

    @Provides
    @Singleton
    MmEnvironment mmEnvironment(
            PhysicalMemory memory, FrameAllocator allocator, FrameTable frames, Listeners listeners) {
        return new MmEnvironment(
                memory, allocator, frames, scheduler, configuration.driver().processFormat(), listeners);
    }

    @Provides
    @Singleton
    Optional<Trace> trace() {
        TraceSink sink = configuration.trace();
        return sink == null ? Optional.empty() : Optional.of(new Trace(sink));
    }

    @Provides
    @Singleton
    DeviceDirectory devices(
            SystemConfiguration of,
            PhysicalMemory memory,
            FrameAllocator allocator,
            PageFaultQueue queue,
            BondDirectory bonds,
            Listeners listeners,
            FaultCounters counters,
            Optional<Trace> trace) {
        return new DeviceDirectory(
                of,
                new UnitFactory(of, memory, allocator, scheduler, queue, listeners, counters, trace.orElse(null)),
                bonds);
    }

    @Provides
    @Singleton
    CoreSystem system(
            MmEnvironment environment,
            DeviceDirectory devices,
            BondDirectory bonds,
            DomainDirectory domains,
            PasidSpace pasids,
            PageFaultQueue queue,
            FaultCounters counters) {
        return new CoreSystem(environment, devices, bonds, domains, pasids, queue, counters);
    }
}
