package dev.sva4j.spi;

import dev.sva4j.api.SvaSystem;
import dev.sva4j.api.SystemConfiguration;
import org.apiguardian.api.API;

/**
 * How {@link SvaSystem#builder()} finds the core. Not for plug-ins.
 *
 * @since 0.0.1
 */
@API(status = API.Status.INTERNAL, since = "0.0.1")
public interface CoreProvider {
    /** Builds a running system. */
    SvaSystem start(SystemConfiguration configuration);

    /** A scheduler that uses threads and the system clock. */
    Scheduler threads();

    /** A scheduler that runs one task at a time, chosen from {@code seed}. */
    Scheduler seeded(long seed);
}
