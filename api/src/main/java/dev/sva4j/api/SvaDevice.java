package dev.sva4j.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A device that was initialised for SVA: the driver's side of it.
 *
 * <p>Thread-safe. Linux: {@code iommu_sva_device_init} of the 2018 patches; today what {@code bind} does on first use.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface SvaDevice extends AutoCloseable {
    /** What the platform says of it. */
    DeviceSpec spec();

    /**
     * The PASIDs it can use: what driver, device and IOMMU have in common. {@link PasidRange#EMPTY} if device or IOMMU has
     * no PASIDs; then there is only {@link #bindUntagged}.
     */
    PasidRange pasids();

    /**
     * Lets the device access {@code mm}. The same pair again gives the same bond, whose count goes up; {@code drvdata}
     * of the first call stays. All devices of one address space see one PASID. Linux: {@code iommu_sva_bind_device}.
     *
     * @throws SvaException STALE if the address space has exited or is exiting; RANGE if its PASID lies outside this
     *     device's range; NO_SPACE without a free PASID; NO_MEMORY; UNSUPPORTED if device or IOMMU has no PASIDs;
     *     NO_DEVICE if the device is gone or closed; INVALID if the address space is not one of this system
     */
    SvaBond bind(AddressSpace mm, @Nullable Object drvdata);

    /** The bond that uses {@code pasid} on this device; {@link DmaPort#NO_PASID} asks for the one of untagged traffic. */
    Optional<SvaBond> find(int pasid);

    /** The bonds of this device that are not over. */
    List<SvaBond> bonds();

    /**
     * An address space of the driver's own, empty, behind a private PASID, which comes from the range of this device and
     * is that of no process. Linux: {@code iommu_attach_device_pasid} with a number of {@code iommu_alloc_global_pasid}.
     *
     * @param name for messages and traces
     * @throws SvaException UNSUPPORTED unless initialised with {@link DeviceFeature#PRIVATE_PASID}; NO_SPACE without a free
     *     PASID; NO_MEMORY; NO_DEVICE if the device is gone or closed; TIMED_OUT if the hardware did not confirm the entry:
     *     the device has then been fenced
     */
    IoDomain openPrivateDomain(String name);

    /**
     * Sets what happens to requests without a PASID. The domain takes the place of the one before, of which nothing is left
     * when this returns; in between the traffic may be blocked. {@code null} means blocked, as it is at first. Requests with
     * a PASID go on. Linux: {@code iommu_attach_device}.
     *
     * @param domain made by {@link SvaSystem#createDomain}
     * @throws SvaException BUSY if a process is bound to untagged traffic; STALE if the domain is closed; INVALID if it is
     *     not for untagged traffic of this system, or its tables do not fit the device's IOMMU; UNSUPPORTED if the IOMMU
     *     cannot; NO_SPACE, NO_MEMORY; NO_DEVICE if the device is gone (but {@code null} is taken) or closed; TIMED_OUT if
     *     the hardware did not confirm it: the device has then been fenced and no domain is attached
     */
    void attachUntagged(@Nullable IoDomain domain);

    /**
     * Binds {@code mm} to requests without a PASID. The bond lives and dies like every other: same pair, same bond; page
     * faults, exit, callback and exit policy; {@link SvaBond#unbind()} leaves untagged traffic blocked. It needs no PASID
     * ({@link SvaBond#pasid()} is {@link DmaPort#NO_PASID}), and may stand beside a bond of the same pair that has one.
     *
     * @throws SvaException UNSUPPORTED unless initialised with {@link DeviceFeature#NO_PASID}; BUSY if another address
     *     space is bound to untagged traffic or a domain is attached; otherwise as {@link #bind}
     */
    SvaBond bindUntagged(AddressSpace mm, @Nullable Object drvdata);

    /** Like {@link #close(Duration)} with ten seconds. */
    @Override
    void close();

    /**
     * Ends SVA on the device: unbinds whatever is bound, blocks untagged traffic, closes its private domains, waits for its
     * callbacks, turns page requests, ATS and PASID off in this order.
     *
     * @throws SvaException TIMED_OUT naming the callbacks that are still running; the device stays initialised, without
     *     bonds, and close may be called again
     */
    void close(Duration callbackTimeout);
}
