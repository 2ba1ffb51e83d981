package dev.sva4j.api;

import dev.sva4j.spi.Scheduler;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A machine: memory, processes, devices, and the IOMMUs between them. Everything starts here.
 *
 * <pre>{@code
 * try (SvaSystem system = SvaSystem.builder()
 *         .vendor("arm-smmu-v3")
 *         .device(DeviceSpec.pci("accel0", 0x0300))
 *         .build()) {
 *     SvaDevice accel = system.initDevice("accel0", DeviceOptions.DEFAULT);
 *     AddressSpace process = system.createAddressSpace("app");
 *     SvaBond bond = accel.bind(process, null);
 *     // program bond.pasid() into the device
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface SvaSystem extends AutoCloseable {
    /** Starts to describe a system. */
    static SvaSystemBuilder builder() {
        return new SvaSystemBuilder();
    }

    /** The plug-ins that the context class loader finds. */
    static List<VendorInfo> installedVendors() {
        return VendorLookup.ofContext().describe();
    }

    /** Creates an empty address space with one user and one reference. */
    AddressSpace createAddressSpace(String name);

    /**
     * Adds a device while the system runs.
     *
     * @throws SvaException EXISTS if name or requester id are taken; INVALID for an unknown IOMMU; UNSUPPORTED;
     *     NO_MEMORY
     */
    Endpoint addDevice(DeviceSpec spec);

    /**
     * The device of this name, as its model sees it.
     *
     * @throws SvaException NO_DEVICE if there is none: the message lists those there are
     */
    Endpoint endpoint(String deviceName);

    /**
     * Prepares a device for SVA: PASID, then ATS, then page requests, as far as it has them. Linux (2018): {@code
     * iommu_sva_device_init}.
     *
     * @throws SvaException NO_DEVICE if there is none or it is gone; EXISTS if it is initialised already; UNSUPPORTED
     *     naming the first condition that is not met; RANGE if the PASID ranges have nothing in common
     */
    SvaDevice initDevice(String deviceName, DeviceOptions options);

    /**
     * Creates an I/O address space for requests without a PASID; empty if it is a paging one. {@link
     * SvaDevice#attachUntagged} gives it to a device. Linux: {@code iommu_domain_alloc}.
     *
     * @param name for messages and traces
     * @throws SvaException UNSUPPORTED if the IOMMU translates no such requests; NO_MEMORY
     */
    IoDomain createDomain(IoDomain.Kind kind, String name);

    /** The allocator of this system. */
    PasidAllocator pasids();

    /** What core has counted. */
    SystemCounters counters();

    /** The scheduler on which everything of this system waits. */
    Scheduler scheduler();

    /**
     * Ends it: devices are closed, processes exit, hardware stops, and every frame and PASID comes back.
     *
     * @throws SvaException BUSY if a bond, an attached domain or a private one was still there: the message names each;
     *     everything has been ended all the same. TIMED_OUT if a callback or a task did not end
     */
    @Override
    void close();
}
