package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * How a transaction ended, as the requester sees it.
 *
 * <p>Source: PCI Express Base Specification, completion status encodings.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum CompletionStatus {
    /** Done: all data transferred, or a translation (possibly without any right) returned. */
    SUCCESS,
    /** Unsupported Request: the IOMMU does not serve such a request of this requester. */
    UNSUPPORTED_REQUEST,
    /** Completer Abort: the IOMMU could not or would not complete the request. */
    COMPLETER_ABORT
}
