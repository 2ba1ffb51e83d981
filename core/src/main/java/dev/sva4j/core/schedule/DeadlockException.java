package dev.sva4j.core.schedule;

/**
 * No task of a {@link SeededScheduler} can go on, or too many steps went by, or a replayed schedule does not fit. The
 * message lists every task and what it waits for; exceptions that escaped from tasks so far are suppressed exceptions
 * of it, since they are often the cause.
 */
public final class DeadlockException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeadlockException(String message) {
        super(message);
    }
}
