package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * How a PASID goes silent while DMA still runs, and what that costs. A driver half carries it out in {@link
 * IommuDriver#quiescePasid}; this is its name and its promise.
 *
 * @param name selects it, e.g. {@code quiet-cd}
 * @param description one sentence: which bits of which structure
 * @param silentInHardware {@code true}: hardware writes no record for the PASID; {@code false}: it does, and core drops
 *     them by the state of the PASID
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record QuiesceStrategy(String name, String description, boolean silentInHardware) {}
