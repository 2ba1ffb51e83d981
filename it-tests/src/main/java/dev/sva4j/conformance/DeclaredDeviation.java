package dev.sva4j.conformance;

import java.util.concurrent.atomic.AtomicBoolean;
import org.opentest4j.TestAbortedException;

/**
 * A {@link Deviation} while its rule runs: what fails is taken for it, and where all runs held it fails itself.
 *
 * <p>JUnit closes it when the last run of the rule has ended; what is thrown then is a failure of the rule.
 */
final class DeclaredDeviation implements AutoCloseable {
    private final Deviation deviation;

    // Runs may have threads of their own.
    private final AtomicBoolean held = new AtomicBoolean();
    private final AtomicBoolean failed = new AtomicBoolean();

    DeclaredDeviation(Deviation deviation) {
        this.deviation = deviation;
    }

    /** One run held. */
    void held() {
        held.set(true);
    }

    /** One run failed with this message: that is what was declared. */
    Deviates failed(String message) {
        failed.set(true);
        return new Deviates("deviates: " + deviation.reason() + " (" + message + ")");
    }

    @Override
    public void close() {
        if (held.get() && !failed.get()) {
            throw new AssertionError("rule " + deviation.rule()
                    + " is declared to deviate, but holds: take away the declaration '" + deviation.reason() + "'");
        }
    }

    /** A run that ended as declared. */
    static final class Deviates extends TestAbortedException {
        private static final long serialVersionUID = 1L;

        Deviates(String message) {
            super(message);
        }
    }
}
