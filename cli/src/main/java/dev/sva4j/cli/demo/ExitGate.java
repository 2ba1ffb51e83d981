package dev.sva4j.cli.demo;

import dev.sva4j.api.MmExitHandler;
import dev.sva4j.api.SvaBond;
import dev.sva4j.spi.Scheduler;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A driver whose {@code mm_exit} takes its time: each callback waits until the demonstration lets it go, then stops its
 * device and returns. How long that is depends on what there was to measure, not on a clock.
 */
final class ExitGate implements MmExitHandler {
    private final Scheduler.WaitQueue changed;
    private final Runnable stopDevices;
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger returning = new AtomicInteger();
    private volatile boolean open;

    ExitGate(Scheduler.WaitQueue changed, Runnable stopDevices) {
        this.changed = changed;
        this.stopDevices = stopDevices;
    }

    @Override
    public void mmExit(SvaBond bond) {
        started.incrementAndGet();
        changed.wakeAll();
        changed.await(() -> open, Scheduler.NEVER);
        // The device stops using the PASID before the driver says that it has: what unbind and release ask for.
        stopDevices.run();
        returning.incrementAndGet();
        changed.wakeAll();
    }

    /** Callbacks that have begun. */
    int started() {
        return started.get();
    }

    /** Callbacks that are done. */
    int returning() {
        return returning.get();
    }

    void open() {
        open = true;
        changed.wakeAll();
    }
}
