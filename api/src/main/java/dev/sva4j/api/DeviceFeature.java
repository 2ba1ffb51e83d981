package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * What a driver asks for when it initialises a device.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum DeviceFeature {
    /**
     * Device faults page memory in (IOPF): by page requests or stalls. Without it the driver pins, and a fault aborts.
     */
    PAGE_FAULTS,
    /** Address spaces of the driver's own under private PASIDs. */
    PRIVATE_PASID,
    /** An address space bound to requests without a PASID. With it a device that has no PASIDs can be initialised. */
    NO_PASID
}
