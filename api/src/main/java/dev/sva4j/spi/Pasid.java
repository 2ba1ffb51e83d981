package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * The numbers of the PASID space that have a meaning of their own. A PASID is an {@code int}; hardware carries 20 bits.
 *
 * <p>Source: PCI Express Base Specification, "PASID"; {@code include/linux/iommu.h} ({@code IOMMU_NO_PASID},
 * {@code IOMMU_FIRST_GLOBAL_PASID}).
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class Pasid {
    /** A request that carries no PASID. Not a number of the space; differs from a request which carries PASID 0. */
    public static final int NONE = -1;

    /** The first number that may be handed out. 0 serves untagged traffic on every vendor (RID_PASID, SSID 0, GIoV). */
    public static final int FIRST = 1;

    /** The last number of the 20-bit space. */
    public static final int LAST = (1 << 20) - 1;

    private Pasid() {}
}
