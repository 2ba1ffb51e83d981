package dev.sva4j.core.schedule;

import dev.sva4j.spi.Scheduler;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Decides which task of a {@link SeededScheduler} runs next, moves its clock and records the choices.
 *
 * <p>Called by the holder of the baton only, except for the readings that are volatile.
 */
final class Dispatcher {
    private final Chooser chooser;
    private final long maxSteps;
    private final ScheduleRecord record = new ScheduleRecord();

    /** Virtual nanoseconds. Written by the holder of the baton, read by anyone. */
    private volatile long now;

    /** Points of choice so far. Written by the holder of the baton, read by anyone. */
    private volatile long steps;

    /** Whether conditions are being looked at: they must not switch tasks. Belongs to the holder of the baton. */
    private boolean choosing;

    /** Scratch: what could run. Belongs to the holder of the baton. */
    private SeededTask[] candidates = {};

    Dispatcher(Chooser chooser, long maxSteps) {
        this.chooser = chooser;
        this.maxSteps = maxSteps;
    }

    long now() {
        return now;
    }

    long steps() {
        return steps;
    }

    boolean isChoosing() {
        return choosing;
    }

    int[] schedule() {
        return record.choices();
    }

    String describe() {
        return chooser.describe() + ", steps " + steps + ", choices " + record;
    }

    /**
     * Which of {@code tasks}, in ascending order of their indices, runs next; if none can, the first driver, which is
     * told why.
     *
     * @param current the task that runs now; not among them if it has ended
     */
    SeededTask next(SeededTask current, SeededTask[] tasks) {
        choosing = true;
        try {
            long step = steps + 1;
            steps = step;
            int count = findCandidates(tasks, now + SeededScheduler.TICK_NANOS);
            if (step > maxSteps) {
                return stuck("no end after " + maxSteps + " steps", tasks);
            }
            if (count == 0) {
                return stuck("deadlock: no task can run, and none waits with a deadline", tasks);
            }
            int position = count == 1 ? 0 : chooser.choose(candidates, count, current);
            if (position < 0) {
                return stuck("the replayed schedule chooses a task that cannot run", tasks);
            }
            SeededTask next = candidates[position];
            if (count > 1) {
                record.add(next.index());
            }
            return next;
        } finally {
            choosing = false;
        }
    }

    /**
     * Fills {@link #candidates} with what can run at {@code time}, or else at the earliest deadline; returns their
     * number.
     */
    private int findCandidates(SeededTask[] tasks, long time) {
        if (candidates.length < tasks.length) {
            candidates = new SeededTask[2 * tasks.length];
        }
        while (true) {
            now = time;
            int count = 0;
            long earliest = Scheduler.NEVER;
            for (SeededTask task : tasks) {
                if (task.canRun(time)) {
                    candidates[count++] = task;
                } else {
                    earliest = Math.min(earliest, task.deadline());
                }
            }
            if (count != 0 || earliest == Scheduler.NEVER) {
                return count;
            }
            time = earliest;
        }
    }

    /** The driver that made itself a task first; it will throw the reason with a list of all tasks. */
    private SeededTask stuck(String reason, SeededTask[] tasks) {
        String list = Arrays.stream(tasks).map(SeededTask::describe).collect(Collectors.joining("\n  "));
        SeededTask driver = Arrays.stream(tasks)
                .filter(SeededTask::isDriver)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody drives: " + list));
        driver.setStuck(String.format("%s (at %d ns, %s)\n  %s", reason, now, describe(), list));
        return driver;
    }
}
