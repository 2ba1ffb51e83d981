package dev.sva4j.core;

import dev.sva4j.api.SvaSystem;
import dev.sva4j.api.SystemConfiguration;
import dev.sva4j.core.schedule.SeededScheduler;
import dev.sva4j.core.schedule.ThreadScheduler;
import dev.sva4j.core.system.SystemFactory;
import dev.sva4j.spi.CoreProvider;
import dev.sva4j.spi.Scheduler;

/** The service through which {@link SvaSystem#builder()} reaches this module. */
public final class SvaCore implements CoreProvider {
    /** For {@link java.util.ServiceLoader}. */
    public SvaCore() {}

    @Override
    public SvaSystem start(SystemConfiguration configuration) {
        return SystemFactory.start(configuration);
    }

    @Override
    public Scheduler threads() {
        return new ThreadScheduler();
    }

    @Override
    public Scheduler seeded(long seed) {
        return new SeededScheduler(seed);
    }
}
