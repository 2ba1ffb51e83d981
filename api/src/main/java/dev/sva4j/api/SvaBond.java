package dev.sva4j.api;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The link between a device and an address space.
 *
 * <p>Thread-safe. Linux: {@code struct iommu_sva}.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface SvaBond {
    /**
     * The number to program into the device; the same for every device of this address space. {@link DmaPort#NO_PASID} if
     * the bond is one of {@linkplain SvaDevice#bindUntagged untagged traffic}. Stays readable after the end.
     */
    int pasid();

    /** Where the bond is in its life. */
    BondState state();

    /** The device. */
    SvaDevice device();

    /** The address space; still an object after its exit. */
    AddressSpace addressSpace();

    /** What the driver passed to the first bind. */
    @Nullable
    Object drvdata();

    /**
     * Undoes one bind. With the last one the entry is emptied, caches are invalidated, hardware and software
     * page-request queues are drained, in this order; then the bond is over. Waits for all of that.
     *
     * <p>The device must have stopped using the PASID, and its outstanding page requests must have left it. Legal
     * inside {@link MmExitHandler#mmExit}. Linux: {@code iommu_sva_unbind_device}.
     *
     * @throws SvaException STALE if the bond is over already (unbound more often than bound); TIMED_OUT if the hardware
     *     did not complete an invalidation: the device has then been fenced and the bond is over all the same
     */
    void unbind();
}
