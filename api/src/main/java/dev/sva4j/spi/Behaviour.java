package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * The freedom that a specification leaves to hardware, fixed for one run. Every hardware half takes it, so that the kit
 * can run its rules under both extremes and at random points between: a missing invalidation must not hide behind a
 * polite cache.
 *
 * @param seed for everything that varies within a run
 * @param tlbEntries capacity of the IOTLB: 0 (never caches), 1, … ; {@link #UNBOUNDED}
 * @param configEntries capacity of the caches of device and PASID entries, likewise
 * @param speculativeFill fills caches for neighbouring pages and entries which nobody asked for
 * @param cacheInvalid caches not-present entries where the architecture allows it
 * @param shuffledFetch fetches structures in 64-bit pieces in random order instead of at once
 * @param deferredCommands consumes commands some time after the doorbell instead of at once
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record Behaviour(
        long seed,
        int tlbEntries,
        int configEntries,
        boolean speculativeFill,
        boolean cacheInvalid,
        boolean shuffledFetch,
        boolean deferredCommands) {

    /** A cache that keeps everything until it is invalidated. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /** What a product would do: bounded caches, nothing speculative, everything at once. */
    public static final Behaviour TYPICAL = new Behaviour(0, 4096, 256, false, false, false, false);

    /** Never caches anything. */
    public static final Behaviour FORGETFUL = new Behaviour(0, 0, 0, false, false, false, false);

    /** Keeps everything, also what is not there, until it is told otherwise. */
    public static final Behaviour TENACIOUS = new Behaviour(0, UNBOUNDED, UNBOUNDED, true, true, true, true);

    /** Checks the capacities. */
    public Behaviour {
        if (tlbEntries < 0 || configEntries < 0) {
            throw new IllegalArgumentException(
                    "cache capacities are 0 or more, got " + tlbEntries + " and " + configEntries);
        }
    }

    /** The same with another seed. */
    public Behaviour withSeed(long newSeed) {
        return new Behaviour(
                newSeed, tlbEntries, configEntries, speculativeFill, cacheInvalid, shuffledFetch, deferredCommands);
    }
}
