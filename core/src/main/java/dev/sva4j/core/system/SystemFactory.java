package dev.sva4j.core.system;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.api.SystemConfiguration;
import dev.sva4j.core.fault.PageFaultQueue;
import dev.sva4j.core.schedule.ThreadScheduler;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;

/** Puts a system together and starts it; a start that fails leaves nothing behind. */
public final class SystemFactory {
    private SystemFactory() {}

    /** A running system. */
    public static SvaSystem start(SystemConfiguration configuration) {
        Scheduler given = configuration.scheduler();
        Scheduler scheduler = given != null ? given : new ThreadScheduler();
        CoreSystem[] started = new CoreSystem[1];
        try {
            // Everything that may wait runs as a task: under the seeded scheduler there is no other way.
            scheduler.run("start", () -> started[0] = assemble(configuration, scheduler));
            return started[0].ownScheduler(given == null ? scheduler : null);
        } catch (RuntimeException | Error e) {
            if (given == null) {
                closeAfter(scheduler, e);
            }
            throw e;
        }
    }

    private static CoreSystem assemble(SystemConfiguration configuration, Scheduler scheduler) {
        try (SystemMemory memory = SystemMemory.of(configuration)) {
            return assemble(configuration, scheduler, memory.memory());
        }
    }

    private static CoreSystem assemble(SystemConfiguration configuration, Scheduler scheduler, PhysicalMemory memory) {
        Injector injector = Guice.createInjector(Stage.DEVELOPMENT, new SystemModule(configuration, scheduler, memory));
        try {
            CoreSystem system = injector.getInstance(CoreSystem.class);
            return system;
        } catch (ProvisionException e) {
            injector.getInstance(PageFaultQueue.class).close();
            // What a part refused is what the caller has to hear, not that it was put together by an injector.
            if (e.getCause() instanceof SvaException refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    private static void closeAfter(Scheduler scheduler, Throwable failure) {
        try {
            scheduler.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
