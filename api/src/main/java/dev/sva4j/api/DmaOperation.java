package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * A DMA operation that runs on its own.
 *
 * <p>Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface DmaOperation {
    /** Whether it has ended. */
    boolean isDone();

    /**
     * Waits for its end.
     *
     * @throws SvaException TIMED_OUT if it took longer; the operation goes on
     */
    DmaStatus await(long timeoutNanos);
}
