package dev.sva4j.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.spi.Scheduler;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Something that goes on beside a rule; what goes wrong in it is thrown where the rule waits for it. */
final class Job {
    private final Scheduler scheduler;
    private final Scheduler.Task task;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Job(Scheduler scheduler, String name, Runnable body) {
        this.scheduler = scheduler;
        this.task = scheduler.spawn(name, () -> attempt(body));
    }

    private void attempt(Runnable body) {
        try {
            body.run();
        } catch (RuntimeException | AssertionError e) {
            failure.set(e);
        }
    }

    boolean isDone() {
        return task.isDone();
    }

    /** Waits for its end, but not for ever. */
    void join() {
        assertTrue(task.join(scheduler.nanoTime() + Machine.PATIENCE), () -> "'" + task.name() + "' hangs");
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new AssertionError("'" + task.name() + "' failed: " + thrown.getMessage(), thrown);
        }
    }
}
