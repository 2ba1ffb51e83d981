package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * The device itself, seen from its model: it does DMA whatever its driver has set up.
 *
 * <p>Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface Endpoint {
    /** What the platform says of it. */
    DeviceSpec spec();

    /** Opens a DMA channel. */
    DmaPort openPort();

    /** Pulls the device out of its slot: it answers nothing any more; what it had in flight is aborted. */
    void surpriseRemove();

    /** Whether it is still there. */
    boolean isPresent();

    /** Counts since the start. */
    Counters counters();

    /**
     * What the device has seen.
     *
     * @param atcHits translated from its own cache
     * @param translationRequests ATS requests sent
     * @param pageRequests page-request messages sent
     * @param pageResponses group responses received
     * @param atcInvalidations invalidation messages answered
     */
    record Counters(
            long atcHits, long translationRequests, long pageRequests, long pageResponses, long atcInvalidations) {}
}
