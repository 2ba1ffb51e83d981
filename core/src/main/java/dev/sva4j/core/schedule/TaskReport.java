package dev.sva4j.core.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * What went wrong in the tasks of a scheduler, kept until it is closed. Bounded: details of the first {@value #LIMIT}
 * failures and of as many unfinished tasks, and the number of the rest.
 *
 * <p>Thread-safe.
 */
final class TaskReport {
    private static final int LIMIT = 64;

    /** Escaped exceptions in the order of their arrival. Guarded by {@code this}. */
    private final List<Throwable> failures = new ArrayList<>();

    /** A clause per failed or unfinished task. Guarded by {@code this}. */
    private final List<String> clauses = new ArrayList<>();

    /** Clauses that were left out. Guarded by {@code this}. */
    private int leftOut;

    synchronized void failed(String task, Throwable failure) {
        if (failures.size() < LIMIT) {
            failures.add(failure);
        }
        clause("task '" + task + "' failed with " + failure);
    }

    synchronized void unfinished(String clause) {
        clause(clause);
    }

    /** Adds the failures so far to {@code exception}. */
    synchronized <E extends Throwable> E attachTo(E exception) {
        for (Throwable failure : failures) {
            if (failure != exception) {
                exception.addSuppressed(failure);
            }
        }
        return exception;
    }

    /** Throws if there is anything to report. */
    synchronized void rethrow() {
        if (!clauses.isEmpty()) {
            String more = leftOut == 0 ? "" : "; and " + leftOut + " more";
            throw attachTo(new SchedulerCloseException("scheduler closed: " + String.join("; ", clauses) + more));
        }
    }

    private void clause(String clause) {
        if (clauses.size() < 2 * LIMIT) {
            clauses.add(clause);
        } else {
            leftOut++;
        }
    }
}
