package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * What core hands to a hardware half.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface HardwareHost {
    /** Name of this IOMMU in traces and messages, e.g. {@code iommu0}. */
    String name();

    /** Memory as the IOMMU sees it. */
    PhysicalMemory memory();

    /** Where interrupts go. */
    InterruptSink interrupts();

    /** The functions behind this IOMMU. */
    DeviceLink devices();

    /** For deferred work. A hardware half never waits with it. */
    Scheduler scheduler();

    /** The freedom that the specification leaves to hardware, fixed for this run. */
    Behaviour behaviour();
}
