package dev.sva4j.spi;

import java.util.function.BooleanSupplier;
import org.apiguardian.api.API;

/**
 * The one place where anything waits. Production uses threads and a clock; tests use a scheduler that runs one task at
 * a time and chooses the next from a seed, so that a run is reproducible and a schedule can be explored, replayed and
 * shrunk.
 *
 * <p>Rules for callers: no lock of core or of a plug-in is held at {@link #await}, {@link WaitQueue#await} or {@link
 * #yieldPoint}; conditions are side-effect free apart from reading registers, quick, and may be evaluated by any thread
 * at any time, any number of times. No plug-in sleeps, parks or creates threads by other means.
 *
 * <p>Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface Scheduler extends AutoCloseable {
    /** Deadline that never passes. */
    long NEVER = Long.MAX_VALUE;

    /** Nanoseconds of this scheduler's clock; only differences mean something. Virtual in the seeded scheduler. */
    long nanoTime();

    /**
     * Starts {@code body} as a task of its own.
     *
     * <p>An exception that escapes from it is kept and reported when the system closes: it is never lost.
     *
     * @param name for traces and error messages
     */
    Task spawn(String name, Runnable body);

    /**
     * Runs {@code body} as a task and returns when it has returned; what it throws is thrown on. Under threads this is
     * a plain call. Under the seeded scheduler the caller drives all other tasks meanwhile.
     */
    void run(String name, Runnable body);

    /**
     * Waits for a condition which nobody announces, such as a register of a device. Polls.
     *
     * @param deadline in terms of {@link #nanoTime()}, or {@link #NEVER}
     * @return whether the condition held; {@code false} means that the deadline passed first
     */
    boolean await(BooleanSupplier condition, long deadline);

    /** A queue on which tasks wait for a condition that others announce. */
    WaitQueue newWaitQueue(String name);

    /** A point where another task may run; where a schedule explorer may switch. Free of cost under threads. */
    void yieldPoint();

    /**
     * Ends the scheduler: waits a bounded time for tasks that are still running.
     *
     * @throws IllegalStateException naming the tasks that did not end, with what escaped from tasks as causes
     */
    @Override
    void close();

    /** A spawned task. */
    interface Task {
        /** The name that it was spawned with. */
        String name();

        /** Whether it has ended. */
        boolean isDone();

        /**
         * Waits until the task has ended.
         *
         * @return {@code false} if the deadline passed first
         */
        boolean join(long deadline);
    }

    /** Where tasks wait for announced conditions; the counterpart of the kernel's wait queue. */
    interface WaitQueue {
        /**
         * Waits until {@code condition} holds. It is evaluated at once and after each {@link #wakeAll()}.
         *
         * @return {@code false} if the deadline passed first
         */
        boolean await(BooleanSupplier condition, long deadline);

        /**
         * Announces that conditions of waiters may have changed. The change itself must be visible before this call.
         */
        void wakeAll();
    }
}
