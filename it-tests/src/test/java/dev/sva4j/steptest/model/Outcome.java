package dev.sva4j.steptest.model;

/** How an operation ended. Refusals have the names of the code under test. */
public enum Outcome {
    OK,
    /** Not called: what it speaks of is not there. */
    SKIPPED,
    NO_DEVICE,
    NOT_FOUND,
    BUSY,
    EXISTS,
    RANGE,
    NO_SPACE,
    NO_MEMORY,
    INVALID,
    UNSUPPORTED,
    STALE,
    TIMED_OUT,
    /** DMA: aborted by the IOMMU, in whichever way its architecture says such things. */
    ABORTED,
    /** DMA: the page request was answered INVALID, or there are none and the translation lacks a right. */
    PAGE_REQUEST_INVALID,
    /** DMA: never legal in these runs. */
    PAGE_REQUEST_FAILURE,
    /** DMA: never legal in these runs, nobody unmaps that often. */
    RETRIES_EXHAUSTED,
    /** DMA: the device is gone. */
    FENCED;

    boolean isRefusedDma() {
        return this == ABORTED || this == PAGE_REQUEST_INVALID;
    }
}
