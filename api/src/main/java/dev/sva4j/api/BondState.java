package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * Life of a bond.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum BondState {
    /** The device translates through the tables of the process. */
    BOUND,
    /** The process has exited; DMA aborts in silence, page requests are answered INVALID. Left only by unbind. */
    QUIESCED,
    /** Unbind is emptying the entry and waiting for what is in flight. */
    DRAINING,
    /** Over. */
    NONE
}
