package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * What core hands to a driver half.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface DriverHost {
    /** Name of this IOMMU in traces and messages, e.g. {@code iommu0}. */
    String name();

    /** Memory as the CPU sees it. Stores need {@link PhysicalMemory#writeBack} where the IOMMU does not snoop. */
    PhysicalMemory memory();

    /** Frames for tables and queues. A driver returns every one of them in {@link IommuDriver#close()}. */
    FrameAllocator frames();

    /** The registers of the hardware half. */
    Mmio registers();

    /** The only means to wait. */
    Scheduler scheduler();

    /** Where faults and page requests go. */
    FaultSink faults();

    /** How long to wait for the completion of commands and invalidations, nanoseconds. */
    long commandTimeoutNanos();

    /** The quiesce mechanism to use, a name of {@link IommuVendor#quiesceStrategies()}. */
    String quiesceStrategy();

    /**
     * Allocates an interrupt. {@code handler} runs on a task of core's, never concurrently with itself; interrupts that
     * arrive meanwhile make it run once more.
     *
     * @param line wired line that means the same
     */
    Interrupt allocateInterrupt(String name, int line, Runnable handler);
}
