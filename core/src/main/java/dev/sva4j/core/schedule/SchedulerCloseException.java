package dev.sva4j.core.schedule;

/**
 * Closing a scheduler found tasks that had failed or had not ended. The message names them; the exceptions that escaped
 * from them are suppressed exceptions of this one.
 */
public final class SchedulerCloseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SchedulerCloseException(String message) {
        super(message);
    }
}
