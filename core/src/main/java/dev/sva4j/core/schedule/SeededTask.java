package dev.sva4j.core.schedule;

import dev.sva4j.spi.Scheduler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A task of a {@link SeededScheduler}, with a thread of its own or that of a caller who drives.
 *
 * <p>Except where a field says otherwise, state belongs to whoever holds the baton: the one task that runs. The baton
 * is handed over through {@link #granted}, which is volatile, so everything written before is visible after.
 */
final class SeededTask implements Scheduler.Task {
    /**
     * Threads of all schedulers that wait for the baton. A thread adds itself while it still has it, so that its
     * successor sees that, and removes itself.
     */
    private static final Set<Thread> PARKED = ConcurrentHashMap.newKeySet();

    private final SeededScheduler scheduler;
    private final int index;
    private final String name;

    /** Null for a driver, which brings its own thread and code. */
    private final @Nullable Runnable body;

    /** Null until the first turn of a spawned task. */
    private @Nullable Thread thread;

    /** Set by the task that hands over, cleared by this task's thread when it takes its turn. */
    private volatile boolean granted;

    /** Set at the very end of the task; read by anyone. */
    private volatile boolean done;

    /** What the task waits for; null while it could run. */
    private @Nullable BooleanSupplier condition;

    /** Valid while waiting, in virtual nanoseconds. */
    private long deadline;

    /** Valid while waiting: whose announcements cause another look at the condition; null means that it is polled. */
    private @Nullable SeededWaitQueue queue;

    /** Announcements of {@link #queue} that the last look has taken into account. */
    private long seen;

    /** Valid while waiting: what for, for messages. */
    private String awaited = "";

    /** Whether the condition held at the last look. */
    private boolean satisfied;

    /** What the condition threw when it was last looked at; the task throws it when it has its turn. */
    private @Nullable Throwable conditionFailure;

    /** Why nothing can go on; set in a driver, which throws it when it has its turn. */
    private @Nullable String stuck;

    SeededTask(SeededScheduler scheduler, int index, String name, @Nullable Runnable body, @Nullable Thread thread) {
        this.scheduler = scheduler;
        this.index = index;
        this.name = name;
        this.body = body;
        this.thread = thread;
    }

    /** Whether {@code thread} is one of a task, of any scheduler, that waits for its turn. */
    static boolean isParked(Thread thread) {
        return PARKED.contains(thread);
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
        return scheduler.await(this::isDone, deadline, null, "the end of task '" + name + "'");
    }

    /** Number of tasks that were made before this one. */
    int index() {
        return index;
    }

    SeededScheduler scheduler() {
        return scheduler;
    }

    /** Whether it drives: its thread came from outside. */
    boolean isDriver() {
        return body == null;
    }

    @Nullable
    Thread thread() {
        return thread;
    }

    void markDone() {
        done = true;
    }

    void startsWaiting(BooleanSupplier condition, long deadline, @Nullable SeededWaitQueue queue, String awaited) {
        this.condition = condition;
        this.deadline = deadline;
        this.queue = queue;
        this.awaited = awaited;
        // One less than now: the condition is looked at once without an announcement.
        this.seen = queue == null ? 0 : queue.announcements() - 1;
        this.satisfied = false;
    }

    /** Whether it could run at virtual time {@code now}. Looks at its condition if there is cause to. */
    boolean canRun(long now) {
        BooleanSupplier condition = this.condition;
        if (condition == null || conditionFailure != null) {
            return true;
        }
        long announcements = queue == null ? 0 : queue.announcements();
        if (queue == null || announcements != seen) {
            try {
                satisfied = condition.getAsBoolean();
            } catch (Throwable e) {
                conditionFailure = e;
                return true;
            }
            if (!satisfied) {
                seen = announcements;
            }
        }
        return satisfied || (deadline != Scheduler.NEVER && now >= deadline);
    }

    /** When it could run although nothing changes: its deadline, or {@link Scheduler#NEVER}. */
    long deadline() {
        return deadline;
    }

    /** Ends the wait; returns whether the condition held, or throws what it threw. */
    boolean stopsWaiting() {
        condition = null;
        queue = null;
        Throwable failure = conditionFailure;
        conditionFailure = null;
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return satisfied;
    }

    /** Ends the wait because the task unwinds. */
    void abandonsWaiting() {
        condition = null;
        queue = null;
        conditionFailure = null;
    }

    void setStuck(String reason) {
        stuck = reason;
    }

    /** Why nothing can go on, asked once; null if it can. */
    @Nullable
    String takeStuck() {
        String reason = stuck;
        stuck = null;
        return reason;
    }

    /** Hands the baton to this task; its thread starts if it has none. */
    void grant(TaskThreads threads) {
        granted = true;
        Thread thread = this.thread;
        if (thread == null) {
            thread = new SeededThread(this);
            this.thread = thread;
            threads.start(thread);
        } else {
            LockSupport.unpark(thread);
        }
    }

    /**
     * Says that the calling thread, which is this task's, is about to wait for its turn; called before another has the
     * baton.
     */
    void yields() {
        PARKED.add(Thread.currentThread());
    }

    /** Parks the calling thread, which is this task's, until it has the baton. An interrupt is kept for later. */
    void awaitTurn() {
        boolean interrupted = false;
        while (!granted) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        granted = false;
        PARKED.remove(Thread.currentThread());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Why it does not run, for messages. */
    String describe() {
        Thread thread = this.thread;
        if (thread == null) {
            return "task " + index + " '" + name + "' has not started";
        }
        String state = condition == null
                ? " could run"
                : " waits for " + awaited + (deadline == Scheduler.NEVER ? "" : " until " + deadline + " ns");
        return "task " + index + " '" + name + "'" + state + TaskThreads.location(thread);
    }

    @Override
    public String toString() {
        return "task " + index + " '" + name + "'";
    }

    /** The thread of a spawned task. */
    static final class SeededThread extends Thread {
        final SeededTask task;

        SeededThread(SeededTask task) {
            super(task.name);
            this.task = task;
        }

        @Override
        public void run() {
            Runnable body = task.body;
            if (body != null) {
                task.awaitTurn();
                task.scheduler.execute(task, body);
            }
        }
    }
}
