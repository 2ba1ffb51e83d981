package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * The device port, downwards: what an IOMMU sends to the functions behind it. Core implements it.
 *
 * <p>Thread-safe; returns without waiting. A group response for a function that is not there (removed by surprise)
 * vanishes.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface DeviceLink {
    /**
     * ATS invalidation: the function drops the translations of the region and answers with {@link
     * IommuHardware#atcInvalidationComplete} once nothing that used them is in flight. It may answer before this
     * returns. For a function that was removed the root port answers (Unsupported Request), which counts the same; a
     * function that hangs never does.
     *
     * @param requester the function
     * @param pasid PASID of the translations, or {@link Pasid#NONE}: then every translation of the region, tagged or
     *     not
     * @param address first byte, aligned to the region
     * @param log2Bytes log2 of the region's bytes, 12 … 64; 64 means the whole address space
     * @param global also translations of other PASIDs (the PCIe "Global Invalidate" bit); only with a PASID
     * @param tag identifies the invalidation among those outstanding for this function
     */
    void invalidateAtc(int requester, int pasid, long address, int log2Bytes, boolean global, int tag);

    /**
     * Page Request Group Response.
     *
     * @param requester the function
     * @param pasid the PASID that the message carries, or {@link Pasid#NONE}
     * @param group page-request group index
     * @param code the answer
     */
    void pageGroupResponse(int requester, int pasid, int group, ResponseCode code);
}
