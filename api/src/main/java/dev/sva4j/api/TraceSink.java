package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * Receives the operation trace. Thread-safe; called in the order of {@link TraceEvent#sequence()} as seen by each
 * thread; does not block.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
@FunctionalInterface
public interface TraceSink {
    /** One event. */
    void event(TraceEvent event);
}
