package dev.sva4j.core.schedule;

import dev.sva4j.spi.Scheduler;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Wait queue of the {@link SeededScheduler}: a count of announcements. A waiter's condition is looked at once and then
 * only when the count has changed, so a change that nobody announces shows up as a deadlock.
 *
 * <p>Thread-safe.
 */
final class SeededWaitQueue implements Scheduler.WaitQueue {
    private final SeededScheduler scheduler;
    private final String name;

    /** Anyone increments it. */
    private final AtomicLong announcements = new AtomicLong();

    SeededWaitQueue(SeededScheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.name = name;
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadline) {
        return scheduler.await(condition, deadline, this, toString());
    }

    /** Not a point where tasks switch: callers may hold a lock. */
    @Override
    public void wakeAll() {
        announcements.incrementAndGet();
    }

    long announcements() {
        return announcements.get();
    }

    @Override
    public String toString() {
        return "queue '" + name + "'";
    }
}
