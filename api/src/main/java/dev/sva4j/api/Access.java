package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * What someone wants to do with memory.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum Access {
    /** Read data. */
    READ,
    /** Write data. */
    WRITE,
    /** Fetch instructions. */
    EXECUTE
}
