package dev.sva4j.core.schedule;

import dev.sva4j.spi.Scheduler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The scheduler of production: every task is a daemon thread, time is the JVM's clock.
 *
 * <p>Waits ignore interrupts and leave the interrupt status set: an unwinding caller could not restore what a half-done
 * command has changed. What ends a wait early is {@link #close()}.
 *
 * <p>Thread-safe.
 */
public final class ThreadScheduler implements Scheduler, AutoCloseable {
    /** How long {@link #close()} waits for tasks to end by themselves, and again after it has ended their waits. */
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

    private static final int SPINS = 64;
    private static final int YIELDS = 32;
    private static final long SHORTEST_PARK = 1_000;

    /**
     * Long enough to leave the processor alone, short enough not to show in the latency of a command that takes that
     * long.
     */
    private static final long LONGEST_PARK = 256_000;

    /** So that the clock starts near 0 and deadlines do not overflow. */
    private final long origin = System.nanoTime();

    private final long graceNanos;
    private final long unwindingNanos;
    private final TaskThreads threads = new TaskThreads();
    private final TaskReport report = new TaskReport();

    /** Waits that may block, so that close can end them. Any thread adds and removes its own. */
    private final Set<ThreadWaitQueue.Waiter> waiters = ConcurrentHashMap.newKeySet();

    /** Taken to start a thread and to close, so that close either sees a thread or has it refused. */
    private final Object spawning = new Object();

    /** Set first when closing. Guarded by {@link #spawning}. */
    private boolean closed;

    /**
     * Set when waits are to end with an error. A waiter registers before it reads this, close sets it before it looks
     * for waiters.
     */
    private volatile boolean cancelled;

    /** A scheduler with {@link #DEFAULT_GRACE} for either. */
    public ThreadScheduler() {
        this(DEFAULT_GRACE, DEFAULT_GRACE);
    }

    /**
     * A scheduler that is patient for so long when it is closed.
     *
     * @param grace for tasks to end by themselves
     * @param unwinding for tasks to end after their waits have been ended
     */
    public ThreadScheduler(Duration grace, Duration unwinding) {
        this.graceNanos = grace.toNanos();
        this.unwindingNanos = unwinding.toNanos();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime() - origin;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the scheduler is closed
     */
    @Override
    public Task spawn(String name, Runnable body) {
        ThreadTask task = new ThreadTask(name, body);
        synchronized (spawning) {
            if (closed) {
                throw new IllegalStateException("task '" + name + "' cannot start: the scheduler is closed");
            }
            threads.start(new TaskThread(task));
        }
        return task;
    }

    @Override
    public void run(String name, Runnable body) {
        body.run();
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadline) {
        AuditedLock.requireNoneHeld("await");
        boolean interrupted = false;
        try {
            for (int round = 0; ; round++) {
                if (condition.getAsBoolean()) {
                    return true;
                }
                failIfCancelled("a polled condition");
                long left = deadline == NEVER ? NEVER : deadline - nanoTime();
                if (left <= 0) {
                    return false;
                }
                pause(round, left);
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public WaitQueue newWaitQueue(String name) {
        return new ThreadWaitQueue(this, "queue '" + name + "'");
    }

    @Override
    public void yieldPoint() {
        AuditedLock.requireNoneHeld("yieldPoint");
    }

    /**
     * Waits for the tasks to end; those that have not ended after the grace period are unwound from whatever they wait
     * for, as is any other thread that waits here. Closing again does nothing.
     *
     * @throws SchedulerCloseException if exceptions had escaped from tasks, if tasks had to be unwound, or if some
     *     still run, because they neither end nor wait
     * @throws IllegalStateException if a task of this scheduler calls it
     */
    @Override
    public void close() {
        if (Thread.currentThread() instanceof TaskThread thread && thread.task.scheduler() == this) {
            throw new IllegalStateException("task '" + thread.task.name + "' cannot close the scheduler that runs it");
        }
        synchronized (spawning) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (!threads.joinAll(System.nanoTime() + graceNanos).isEmpty()) {
            cancelled = true;
            waiters.forEach(waiter -> waiter.queue().wakeAll());
            for (Thread thread : threads.joinAll(System.nanoTime() + unwindingNanos)) {
                report.unfinished("task '" + thread.getName() + "' still runs" + TaskThreads.location(thread));
            }
        }
        cancelled = true;
        waiters.forEach(waiter -> waiter.queue().wakeAll());
        report.rethrow();
    }

    /** Registers a wait that is about to block; {@link #failIfCancelled} comes after it. */
    void blocks(ThreadWaitQueue.Waiter waiter) {
        waiters.add(waiter);
    }

    void unblocks(ThreadWaitQueue.Waiter waiter) {
        waiters.remove(waiter);
    }

    void failIfCancelled(String awaited) {
        if (!cancelled) {
            return;
        }
        String message = "the scheduler was closed during a wait for " + awaited;
        if (Thread.currentThread() instanceof TaskThread) {
            throw new TaskCancelled(message);
        }
        throw new IllegalStateException(message);
    }

    // Yielding is one step of the back-off; nothing relies on it.
    @SuppressWarnings("ThreadPriorityCheck")
    private static void pause(int round, long left) {
        if (round < SPINS) {
            Thread.onSpinWait();
        } else if (round < SPINS + YIELDS) {
            Thread.yield();
        } else {
            long park = SHORTEST_PARK << Math.min(round - SPINS - YIELDS, 8);
            LockSupport.parkNanos(Math.min(left, Math.min(park, LONGEST_PARK)));
        }
    }

    /** A task and its end. */
    private final class ThreadTask implements Task {
        private final String name;
        private final Runnable body;
        private final ThreadWaitQueue ended;

        /** Written by the task's thread when nothing of it will run any more. */
        private volatile boolean done;

        ThreadTask(String name, Runnable body) {
            this.name = name;
            this.body = body;
            this.ended = new ThreadWaitQueue(ThreadScheduler.this, "the end of task '" + name + "'");
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean isDone() {
            return done;
        }

        @Override
        public boolean join(long deadline) {
            return ended.await(this::isDone, deadline);
        }

        ThreadScheduler scheduler() {
            return ThreadScheduler.this;
        }

        // Whatever escapes is reported by close, so nothing may be let through here.
        void execute() {
            try {
                body.run();
            } catch (TaskCancelled e) {
                report.unfinished("task '" + name + "' was unwound: " + e.getMessage());
            } catch (Throwable e) {
                report.failed(name, e);
            } finally {
                done = true;
                ended.wakeAll();
            }
        }
    }

    /** Recognizes tasks of this kind of scheduler. */
    private static final class TaskThread extends Thread {
        final ThreadTask task;

        TaskThread(ThreadTask task) {
            super(task.name);
            this.task = task;
        }

        @Override
        public void run() {
            task.execute();
        }
    }
}
