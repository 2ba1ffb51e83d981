package dev.sva4j.spi;

import dev.sva4j.api.FaultRecord;
import org.apiguardian.api.API;

/**
 * Where a driver half delivers what it decoded from the queues of its hardware. Core implements it.
 *
 * <p>Thread-safe; called from interrupt handlers and from {@link IommuDriver#drain}; does not wait.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface FaultSink {
    /**
     * A recoverable fault. Core sees to it that its group gets exactly one {@link IommuDriver#respond}; the driver
     * never answers by itself what it has delivered here. Stop markers are delivered too.
     */
    void pageRequest(PageRequest request);

    /** An unrecoverable fault. Core decides by the state of the PASID whether it is reported or dropped. */
    void unrecoverable(FaultRecord fault);

    /**
     * The hardware's page-request queue overflowed: every group of this IOMMU that is not yet closed has lost its
     * members.
     */
    void pageRequestsLost();

    /** The hardware's event queue overflowed: unrecoverable faults may be missing. */
    void eventsLost();
}
