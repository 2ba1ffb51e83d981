package dev.sva4j.core.mm;

/** How the handling of a page fault ended. */
public enum FaultResult {
    /** The access can be tried again: the page is there with the right, now or already before. */
    RESOLVED,
    /** Nothing is mapped at this address. */
    NOT_MAPPED,
    /** It is mapped without this right. */
    NO_RIGHT,
    /** No frame for the page or a table. */
    NO_MEMORY,
    /** The address space is exiting, or was reaped. */
    DYING
}
