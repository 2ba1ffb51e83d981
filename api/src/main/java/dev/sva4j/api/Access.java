package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * What someone wants to do with memory.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public enum Access {
    /** Read data. */
    READ,
    /** Write data. */
    WRITE,
    /** Fetch instructions. */
    EXECUTE
}
