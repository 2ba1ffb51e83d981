package dev.sva4j.core.endpoint;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A count with one writer at a time and any number of readers. Costs the writer no fence, unlike an atomic addition;
 * readers see it a little late while the writer runs, and exactly once they have synchronised with it by other means.
 */
final class Tally {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Tally.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // Written opaquely, so that a reader never sees half of it and sees it in the end.
    private long value;

    void increment() {
        VALUE.setOpaque(this, value + 1);
    }

    long value() {
        return (long) VALUE.getOpaque(this);
    }
}
