package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * What a memory request does.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum Operation {
    /** Reads data. */
    READ,
    /** Reads instructions: needs execute permission. */
    EXECUTE,
    /** Writes data. */
    WRITE,
    /**
     * Adds to a naturally aligned 64-bit word and returns its old value (FetchAdd): needs read and write permission.
     */
    FETCH_ADD,
    /** Compares a naturally aligned 64-bit word and replaces it on a match, returning its old value. */
    COMPARE_AND_SWAP;

    /** Whether the operation needs permission to write. */
    public boolean writes() {
        return this == WRITE || isAtomic();
    }

    /** Whether the operation reads and writes one 64-bit word in one step. */
    public boolean isAtomic() {
        return this == FETCH_ADD || this == COMPARE_AND_SWAP;
    }
}
