package dev.sva4j.core.bond;

import org.jspecify.annotations.Nullable;

/** What went wrong in steps of which each has to be taken whatever became of the others. Confined to one thread. */
final class Failures {
    private @Nullable RuntimeException first;

    /** Takes a step; if that throws, {@code otherwise}. */
    void attempt(Runnable step, Runnable otherwise) {
        try {
            step.run();
        } catch (RuntimeException e) {
            add(e);
            otherwise.run();
        }
    }

    /** Takes a step. */
    void attempt(Runnable step) {
        attempt(step, () -> {});
    }

    /** Something went wrong. */
    void add(RuntimeException e) {
        if (first == null) {
            first = e;
        } else if (first != e) {
            first.addSuppressed(e);
        }
    }

    /** Attaches all of them to what is going to be thrown. */
    void addTo(RuntimeException thrown) {
        if (first != null && first != thrown) {
            thrown.addSuppressed(first);
        }
    }

    /** Throws the first failure, if there was one, with the others attached. */
    void throwFirst() {
        if (first != null) {
            throw first;
        }
    }
}
