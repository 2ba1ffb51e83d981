package dev.sva4j.core.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The threads that a scheduler has started and that have not terminated, so that closing it can wait for the very end
 * of each.
 *
 * <p>Thread-safe.
 */
final class TaskThreads {
    /** Classes whose frames say nothing about where a task waits. */
    private static final List<String> SCHEDULERS = Stream.of(
                    ThreadScheduler.class,
                    ThreadWaitQueue.class,
                    SeededScheduler.class,
                    SeededTask.class,
                    SeededWaitQueue.class,
                    TaskThreads.class)
            .map(Class::getName)
            .toList();

    /** Guarded by {@code this}. Holds terminated threads for a while, but never more than live ones plus a constant. */
    private final List<Thread> threads = new ArrayList<>();

    /** Size at which terminated threads are dropped. Guarded by {@code this}. */
    private int pruneAt = 16;

    /** A daemon thread, so that a task which never ends cannot keep the JVM alive; started and remembered. */
    synchronized void start(Thread thread) {
        if (threads.size() >= pruneAt) {
            threads.removeIf(candidate -> !candidate.isAlive());
            pruneAt = Math.max(16, 2 * threads.size());
        }
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    /**
     * Waits until all have terminated, at most until {@code limit} in terms of {@link System#nanoTime()}; returns the
     * rest.
     */
    List<Thread> joinAll(long limit) {
        List<Thread> alive = new ArrayList<>();
        for (Thread thread : snapshot()) {
            if (!join(thread, limit)) {
                alive.add(thread);
            }
        }
        return alive;
    }

    /** Waits until {@code thread} has terminated; false if the limit passed first. An interrupt is kept for later. */
    static boolean join(Thread thread, long limit) {
        boolean interrupted = false;
        try {
            while (thread.isAlive()) {
                long left = limit - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedJoin(thread, left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The innermost frame of {@code thread} outside this package and the JDK, for messages; empty if there is none. */
    static String location(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            String type = frame.getClassName();
            boolean plumbing = type.startsWith("java.")
                    || type.startsWith("jdk.")
                    || SCHEDULERS.stream().anyMatch(own -> type.equals(own) || type.startsWith(own + "$"));
            if (!plumbing) {
                return String.format(
                        " at %s.%s(%s:%d)", type, frame.getMethodName(), frame.getFileName(), frame.getLineNumber());
            }
        }
        return "";
    }

    private synchronized List<Thread> snapshot() {
        return List.copyOf(threads);
    }
}
