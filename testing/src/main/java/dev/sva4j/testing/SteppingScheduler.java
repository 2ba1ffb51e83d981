package dev.sva4j.testing;

import dev.sva4j.spi.Scheduler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * One thread and a clock that only waiting moves. What is to happen while somebody waits is queued by {@link
 * #duringWaits}; a spawned task runs when the test says so.
 */
public final class SteppingScheduler implements Scheduler {
    private static final long TICK = 1000;

    private final Deque<Runnable> duringWaits = new ArrayDeque<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private long now;

    /** Conditions that were not true at once. */
    public int waits;

    /** Happens at the next moment when a wait finds its condition false. */
    public void duringWaits(Runnable... events) {
        duringWaits.addAll(java.util.List.of(events));
    }

    /** Runs what has been spawned so far. */
    public int runTasks() {
        int count = tasks.size();
        for (int i = 0; i < count; i++) {
            tasks.remove().run();
        }
        return count;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Task spawn(String name, Runnable body) {
        tasks.add(body);
        return new Task() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean isDone() {
                return !tasks.contains(body);
            }

            @Override
            public boolean join(long deadline) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Override
    public void run(String name, Runnable body) {
        body.run();
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadline) {
        boolean first = true;
        while (!condition.getAsBoolean()) {
            waits += first ? 1 : 0;
            first = false;
            if (!duringWaits.isEmpty()) {
                duringWaits.remove().run();
            } else if (now >= deadline) {
                return false;
            }
            now += TICK;
        }
        return true;
    }

    @Override
    public WaitQueue newWaitQueue(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void yieldPoint() {}

    @Override
    public void close() {}
}
