package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * How a DMA operation ended.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum DmaStatus {
    /** All data transferred. */
    OK,
    /** Aborted by the IOMMU: Unsupported Request. */
    UNSUPPORTED_REQUEST,
    /** Aborted by the IOMMU: Completer Abort, or an untranslated access without a translation. */
    ABORTED,
    /** The page request for it was answered INVALID, or the translation has no right and page requests are off. */
    PAGE_REQUEST_INVALID,
    /** The page request for it was answered FAILURE: page requests of the function have stopped. */
    PAGE_REQUEST_FAILURE,
    /** Page after page was taken away again between a page response and the retry, too many times. */
    RETRIES_EXHAUSTED,
    /** The device is fenced (bus master off) or gone. */
    FENCED
}
