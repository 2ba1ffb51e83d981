package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * An I/O address space that no process stands behind: its driver decides what is in it.
 *
 * <p>There are two sorts. A domain for <em>untagged traffic</em> comes from {@link SvaSystem#createDomain} and is given to
 * devices by {@link SvaDevice#attachUntagged}, one at a time per device; several devices may share it. A <em>private</em>
 * one comes from {@link SvaDevice#openPrivateDomain} and belongs to that device's requests with its PASID.
 *
 * <p>Nothing faults in here: an access to what is not mapped aborts and is reported, a page request is answered INVALID.
 *
 * <p>Thread-safe. Linux: {@code struct iommu_domain}.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface IoDomain extends AutoCloseable {
    /** Its kind; a private one is {@link Kind#PAGING}. */
    Kind kind();

    /** The private PASID, or {@link DmaPort#NO_PASID} for untagged traffic. */
    int pasid();

    /**
     * Maps device addresses to physical memory, which belongs to the caller and stays so: it must not be reused before
     * {@link #unmap} or {@link #close} has returned. All or nothing. Linux: {@code iommu_map}.
     *
     * @param iova first device address, a multiple of 4 KiB in the lower half
     * @param pa physical address behind it, a multiple of 4 KiB
     * @param size bytes, a multiple of 4 KiB, not 0
     * @param protection not {@link Protection#NONE}
     * @throws SvaException EXISTS if a page of the range is mapped; NO_MEMORY for tables; INVALID; UNSUPPORTED unless
     *     {@link Kind#PAGING}; STALE after {@link #close}
     */
    void map(long iova, long pa, long size, Protection protection);

    /**
     * Unmaps. When it returns no device access uses the range any more: if the hardware does not confirm that in time, the
     * devices have been fenced. Pages that are not mapped are skipped; parts of what was mapped at once may be unmapped.
     * Linux: {@code iommu_unmap}.
     *
     * @param iova first device address, a multiple of 4 KiB in the lower half
     * @param size bytes, a multiple of 4 KiB, not 0
     * @return bytes that were mapped
     * @throws SvaException INVALID; UNSUPPORTED unless {@link Kind#PAGING}; STALE after {@link #close}
     */
    long unmap(long iova, long size);

    /**
     * Gives everything back. Again, it does nothing.
     *
     * <p>A domain for untagged traffic must not be attached any more, since its devices would be blocked unasked. A private
     * one is taken from its device first, which must have stopped using the PASID: entry empty, caches, page requests
     * drained; its PASID is free then unless somebody else {@linkplain PasidAllocator#retain holds} it too.
     *
     * @throws SvaException BUSY naming the devices that a domain for untagged traffic is attached to: nothing has changed;
     *     TIMED_OUT if the hardware did not confirm a step: the device has then been fenced, and the domain is closed all
     *     the same
     */
    @Override
    void close();

    /** What a domain does with an address. */
    enum Kind {
        /** Aborts. */
        BLOCKED,
        /** Passes it through as a physical address. */
        IDENTITY,
        /** Translates it by page tables. */
        PAGING
    }
}
