package dev.sva4j.api;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What {@link SvaSystemBuilder} has collected; handed to core.
 *
 * @param driver vendor of the driver half
 * @param hardware vendor of the hardware half, of the same architecture
 * @param units IOMMUs
 * @param devices devices present from the start
 * @param memoryBytes size of the physical memory that core makes
 * @param memory the caller's memory, or null: core makes it
 * @param scheduler the caller's scheduler, or null: threads of the system's own
 * @param behaviour for the hardware halves
 * @param quiesceStrategy name of one of the driver vendor's
 * @param commandTimeoutNanos for completion of commands and invalidations
 * @param faultWorkers tasks that handle page-request groups
 * @param listeners told what happens
 * @param trace where the operation trace goes, or null: none is taken
 * @since 0.0.1
 */
@API(status = API.Status.INTERNAL, since = "0.0.1")
public record SystemConfiguration(
        IommuVendor driver,
        IommuVendor hardware,
        int units,
        List<DeviceSpec> devices,
        long memoryBytes,
        @Nullable PhysicalMemory memory,
        @Nullable Scheduler scheduler,
        Behaviour behaviour,
        String quiesceStrategy,
        long commandTimeoutNanos,
        int faultWorkers,
        List<SvaListener> listeners,
        @Nullable TraceSink trace) {
    /** Copies the lists. */
    public SystemConfiguration {
        devices = List.copyOf(devices);
        listeners = List.copyOf(listeners);
    }
}
