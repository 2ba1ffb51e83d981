package dev.sva4j.core.unit;

import dev.sva4j.spi.Scheduler;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The scheduler as the halves of one IOMMU see it. Knows how many tasks they have started that have not ended, so that
 * closing the IOMMU leaves none behind: a hardware half may have deferred work that nobody waits for.
 */
final class PluginScheduler implements Scheduler {
    private static final long GRACE_NANOS = 10_000_000_000L;

    private final String unit;
    private final Scheduler scheduler;
    private final WaitQueue ended;

    // Raised before a task exists, lowered by the task as its last act.
    private final AtomicInteger tasks = new AtomicInteger();

    PluginScheduler(String unit, Scheduler scheduler) {
        this.unit = unit;
        this.scheduler = scheduler;
        this.ended = scheduler.newWaitQueue("tasks of " + unit);
    }

    /** Waits until every task that the halves have started has ended. */
    void awaitTasks() {
        if (!ended.await(() -> tasks.get() == 0, scheduler.nanoTime() + GRACE_NANOS)) {
            throw new IllegalStateException(tasks.get() + " tasks of the plug-in behind " + unit
                    + " still run after it was closed; this is a bug of the plug-in");
        }
    }

    @Override
    public Task spawn(String name, Runnable body) {
        tasks.incrementAndGet();
        boolean started = false;
        try {
            Task task = scheduler.spawn(name, () -> {
                try {
                    body.run();
                } finally {
                    countOut();
                }
            });
            started = true;
            return task;
        } finally {
            if (!started) {
                countOut();
            }
        }
    }

    private void countOut() {
        if (tasks.decrementAndGet() == 0) {
            ended.wakeAll();
        }
    }

    @Override
    public long nanoTime() {
        return scheduler.nanoTime();
    }

    @Override
    public void run(String name, Runnable body) {
        scheduler.run(name, body);
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadline) {
        return scheduler.await(condition, deadline);
    }

    @Override
    public WaitQueue newWaitQueue(String name) {
        return scheduler.newWaitQueue(name);
    }

    @Override
    public void yieldPoint() {
        scheduler.yieldPoint();
    }

    @Override
    public void close() {
        throw new IllegalStateException("the scheduler belongs to the system; a plug-in must not close it");
    }
}
