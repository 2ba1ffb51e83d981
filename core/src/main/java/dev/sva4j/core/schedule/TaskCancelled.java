package dev.sva4j.core.schedule;

/**
 * Unwinds a task that still waits when its scheduler is closed. An error, so that no handler of exceptions takes it for
 * its own.
 */
final class TaskCancelled extends Error {
    private static final long serialVersionUID = 1L;

    TaskCancelled(String message) {
        super(message);
    }
}
