package dev.sva4j.core.schedule;

import dev.sva4j.spi.Scheduler;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler for tests and demonstrations: one task runs at a time, and at every point where it may switch the next
 * one is chosen at random from a seed. The same program with the same seed takes the same steps.
 *
 * <p>Each task has a thread, but only the holder of the baton runs; the others are parked. Points of choice are
 * {@link #yieldPoint}, every wait and the end of a task; {@link #spawn} and {@link WaitQueue#wakeAll} are not, because
 * they may be called with a lock held. A thread that is no task becomes one while it is inside {@link #run} or a wait:
 * it drives. When nobody drives, nothing runs.
 *
 * <p>Time is virtual: it moves by {@value #TICK_NANOS} ns per point of choice, and to the earliest deadline when no
 * task can run otherwise. If there is no deadline either, the driver's call ends in a {@link DeadlockException}.
 *
 * <p>Thread-safe. Runs are reproducible if only one thread from outside uses it at a time.
 */
public final class SeededScheduler implements Scheduler, AutoCloseable {
    /** Virtual time that a step takes, so that a loop which polls the clock ends. */
    public static final long TICK_NANOS = 100;

    /** Steps after which a run is taken for endless. */
    public static final long DEFAULT_MAX_STEPS = 50_000_000;

    /** How long {@link #close()} waits, in real time, for code that runs without ever reaching a point of choice. */
    private static final long GRACE_NANOS = Duration.ofSeconds(10).toNanos();

    /** Belongs to the holder of the baton, read by others when nobody drives. */
    private final Dispatcher dispatcher;

    private final TaskThreads threads = new TaskThreads();
    private final TaskReport report = new TaskReport();

    /**
     * Guards changes of {@link #tasks}, {@link #current}, {@link #created} and {@link #closed}; no other code runs
     * under it.
     */
    private final Object mutex = new Object();

    /**
     * Tasks that have not ended, in ascending order of their indices; replaced, never changed. Written under
     * {@link #mutex}.
     */
    private volatile SeededTask[] tasks = {};

    /** Who holds the baton; null when nobody drives. Written under {@link #mutex}. */
    private volatile @Nullable SeededTask current;

    /** Number of tasks made. Guarded by {@link #mutex}. */
    private int created;

    /** Guarded by {@link #mutex}. */
    private boolean closed;

    /** Set by close: from then on every point of choice unwinds. */
    private volatile boolean cancelled;

    /** A scheduler whose choices follow from {@code seed}. */
    public SeededScheduler(long seed) {
        this(seed, DEFAULT_MAX_STEPS);
    }

    /**
     * A scheduler whose choices follow from {@code seed}, and whose driver gets a {@link DeadlockException} after
     * {@code maxSteps}.
     */
    public SeededScheduler(long seed, long maxSteps) {
        this(Chooser.random(seed), maxSteps);
    }

    private SeededScheduler(Chooser chooser, long maxSteps) {
        this.dispatcher = new Dispatcher(chooser, maxSteps);
    }

    /**
     * A scheduler that repeats the choices which {@link #schedule()} returned. After the last one a task runs on as
     * long as it can, then the one with the lowest index does: a beginning of a schedule is a schedule. A choice that
     * is not possible ends the run with a {@link DeadlockException}.
     */
    public static SeededScheduler replay(int[] choices) {
        return new SeededScheduler(Chooser.replay(choices.clone()), DEFAULT_MAX_STEPS);
    }

    /** Whether {@code thread} is one of a task that waits for its turn. */
    static boolean isParkedTask(Thread thread) {
        return SeededTask.isParked(thread);
    }

    @Override
    public long nanoTime() {
        return dispatcher.now();
    }

    /** Points of choice so far. */
    public long steps() {
        return dispatcher.steps();
    }

    /**
     * The choices so far: the index of the chosen task, for every step at which there was more than one. Tasks are
     * numbered as they are spawned or begin to drive. To be called when nobody drives, or by a task.
     *
     * @throws IllegalStateException if there were more choices than are kept, {@value ScheduleRecord#LIMIT}
     */
    public int[] schedule() {
        return dispatcher.schedule();
    }

    /**
     * The choices so far as text, for failure messages: runs of the same index are folded, the end of a long text is
     * left out.
     */
    public String describeSchedule() {
        return dispatcher.describe();
    }

    /**
     * {@inheritDoc}
     *
     * <p>It has its first turn when another task reaches a point of choice.
     *
     * @throws IllegalStateException if the scheduler is closed
     */
    @Override
    public Task spawn(String name, Runnable body) {
        synchronized (mutex) {
            return add(name, body, null);
        }
    }

    @Override
    public void run(String name, Runnable body) {
        if (currentTask() != null) {
            body.run();
            return;
        }
        SeededTask driver = enter(name);
        try {
            body.run();
        } finally {
            leave(driver);
        }
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadline) {
        return await(condition, deadline, null, "a polled condition");
    }

    @Override
    public WaitQueue newWaitQueue(String name) {
        return new SeededWaitQueue(this, name);
    }

    /** {@inheritDoc} Does nothing when the caller is not a task. */
    @Override
    public void yieldPoint() {
        AuditedLock.requireNoneHeld("yieldPoint");
        SeededTask task = currentTask();
        if (task != null && !dispatcher.isChoosing()) {
            step(task);
        }
    }

    /** Waits as the calling task, or drives until the wait is over. */
    boolean await(BooleanSupplier condition, long deadline, @Nullable SeededWaitQueue queue, String awaited) {
        AuditedLock.requireNoneHeld("await");
        SeededTask task = currentTask();
        if (task == null) {
            SeededTask driver = enter(Thread.currentThread().getName());
            try {
                return await(driver, condition, deadline, queue, awaited);
            } finally {
                leave(driver);
            }
        }
        if (dispatcher.isChoosing()) {
            throw new IllegalStateException("a condition waits for " + awaited + "; conditions must not wait");
        }
        return await(task, condition, deadline, queue, awaited);
    }

    private boolean await(
            SeededTask task,
            BooleanSupplier condition,
            long deadline,
            @Nullable SeededWaitQueue queue,
            String awaited) {
        task.startsWaiting(condition, deadline, queue, awaited);
        try {
            step(task);
        } catch (Throwable e) {
            task.abandonsWaiting();
            throw e;
        }
        return task.stopsWaiting();
    }

    /** Runs a spawned task on its own thread, which has the baton, and passes it on. */
    void execute(SeededTask task, Runnable body) {
        try {
            failIfCancelled(task);
            body.run();
        } catch (TaskCancelled e) {
            report.unfinished(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
            report.failed(task.name(), e);
        }
        task.markDone();
        if (remove(task)) {
            handOver(dispatcher.next(task, tasks));
        }
    }

    /**
     * Unwinds every task that has not ended and waits for the end of its thread. Closing again does nothing.
     *
     * @throws SchedulerCloseException if exceptions had escaped from tasks, or if there were tasks that had not ended
     * @throws IllegalStateException if a task calls it
     */
    @Override
    public void close() {
        if (currentTask() != null) {
            throw new IllegalStateException("a task cannot close the scheduler that runs it");
        }
        synchronized (mutex) {
            if (closed) {
                return;
            }
            closed = true;
        }
        cancelled = true;
        long limit = System.nanoTime() + GRACE_NANOS;
        while (current != null && System.nanoTime() - limit < 0) {
            LockSupport.parkNanos(100_000);
        }
        SeededTask running = current;
        for (SeededTask task : tasks) {
            Thread thread = task.thread();
            if (thread == null || task == running) {
                report.unfinished(task.describe());
            } else {
                task.grant(threads);
                if (!task.isDriver()) {
                    TaskThreads.join(thread, limit);
                }
            }
        }
        for (Thread thread : threads.joinAll(limit)) {
            report.unfinished("thread '" + thread.getName() + "' still runs" + TaskThreads.location(thread));
        }
        report.rethrow();
    }

    /** The task that the calling thread is, or null. */
    private @Nullable SeededTask currentTask() {
        Thread thread = Thread.currentThread();
        if (thread instanceof SeededTask.SeededThread own && own.task.scheduler() == this) {
            return own.task;
        }
        SeededTask task = current;
        return task != null && task.thread() == thread ? task : null;
    }

    /** Makes the calling thread a task and waits for the baton if somebody else drives. */
    private SeededTask enter(String name) {
        SeededTask driver;
        boolean first;
        synchronized (mutex) {
            driver = add(name, null, Thread.currentThread());
            first = current == null;
            if (first) {
                current = driver;
            }
        }
        if (!first) {
            driver.yields();
            driver.awaitTurn();
            if (cancelled) {
                leave(driver);
                failIfCancelled(driver);
            }
        }
        return driver;
    }

    /** Ends the calling thread's being a task, and with it the drive unless another thread drives too. */
    private void leave(SeededTask driver) {
        driver.markDone();
        if (remove(driver)) {
            handOver(dispatcher.next(driver, tasks));
        }
    }

    /** A point of choice: returns when {@code task}, which the caller is, has the baton again. */
    private void step(SeededTask task) {
        failIfCancelled(task);
        SeededTask next = dispatcher.next(task, tasks);
        if (next != task) {
            task.yields();
            handOver(next);
            task.awaitTurn();
            failIfCancelled(task);
        }
        String stuck = task.takeStuck();
        if (stuck != null) {
            throw report.attachTo(new DeadlockException(stuck));
        }
    }

    private void handOver(SeededTask next) {
        synchronized (mutex) {
            current = next;
        }
        next.grant(threads);
    }

    private void failIfCancelled(SeededTask task) {
        if (cancelled && task.isDriver()) {
            throw new IllegalStateException("the scheduler was closed while this thread drove it as " + task);
        }
        if (cancelled) {
            throw new TaskCancelled(task.describe());
        }
    }

    /** The caller holds {@link #mutex}. */
    private SeededTask add(String name, @Nullable Runnable body, @Nullable Thread thread) {
        if (closed) {
            throw new IllegalStateException("task '" + name + "' cannot start: the scheduler is closed");
        }
        SeededTask task = new SeededTask(this, created++, name, body, thread);
        SeededTask[] more = Arrays.copyOf(tasks, tasks.length + 1);
        more[tasks.length] = task;
        tasks = more;
        return task;
    }

    /**
     * Forgets a task that has ended and has the baton; returns whether somebody must be given it, otherwise it is
     * nobody's.
     */
    private boolean remove(SeededTask task) {
        synchronized (mutex) {
            tasks = Arrays.stream(tasks).filter(other -> other != task).toArray(SeededTask[]::new);
            boolean driven = !cancelled && Arrays.stream(tasks).anyMatch(SeededTask::isDriver);
            if (!driven) {
                current = null;
            }
            return driven;
        }
    }
}
