package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * Answer to a page-request group.
 *
 * <p>Source: PCI Express Base Specification, "Page Request Group Response Message", response codes.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum ResponseCode {
    /** Every page of the group is there now: translate again. */
    SUCCESS,
    /** At least one page of the group cannot be had (no such mapping, no right, dead process, unknown PASID). */
    INVALID,
    /**
     * Catastrophic: the function's page-request interface stops until it is enabled again. Never for a user's error.
     */
    FAILURE
}
