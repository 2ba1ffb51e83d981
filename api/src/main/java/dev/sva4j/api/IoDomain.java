package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * An I/O address space that no process stands behind.
 *
 * <p>Thread-safe. Linux: {@code struct iommu_domain}.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface IoDomain extends AutoCloseable {
    /** Its kind. */
    Kind kind();

    /** The private PASID, or -1 for untagged traffic. */
    int pasid();

    /**
     * Maps device addresses to physical memory. All arguments are multiples of 4 KiB.
     *
     * @throws SvaException EXISTS if a page of the range is mapped; NO_MEMORY; INVALID; UNSUPPORTED unless {@link
     *     Kind#PAGING}
     */
    void map(long iova, long pa, long size, Protection protection);

    /**
     * Unmaps. When it returns no device access uses the range any more. Pages that are not mapped are skipped.
     *
     * @return bytes that were mapped
     */
    long unmap(long iova, long size);

    /** Gives everything back. */
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
