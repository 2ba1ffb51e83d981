package dev.sva4j.steptest;

import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.steptest.model.Op;

/** What the exit callback of a bond does, and what has become of it. Passed as drvdata of the bind. */
final class CallbackPlan {
    /** For callbacks that nobody can tell to return, because exit itself waits for them. */
    private static final int YIELDS = 20;

    final int way;
    private final boolean inline;
    private final Scheduler scheduler;
    private final Scheduler.WaitQueue gate;

    // Written by the task that runs the callback, or by the one that lets it return.
    volatile int starts;
    volatile int returns;
    private volatile boolean open;

    CallbackPlan(int way, boolean inline, Scheduler scheduler) {
        this.way = way;
        this.inline = inline;
        this.scheduler = scheduler;
        this.gate = scheduler.newWaitQueue("gate of a callback");
    }

    /** The callback. Counting is enough: the test looks at it when nothing goes on. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void run(SvaBond bond) {
        starts++;
        try {
            switch (way) {
                case Op.CALLBACK_THROWS -> throw new IllegalStateException("thrown by the step test's callback");
                case Op.CALLBACK_UNBINDS -> unbind(bond);
                case Op.CALLBACK_WAITS -> linger();
                default -> scheduler.yieldPoint();
            }
        } finally {
            returns++;
        }
    }

    private static void unbind(SvaBond bond) {
        try {
            bond.unbind();
        } catch (SvaException e) {
            // Somebody else was faster.
            if (e.error() != SvaError.STALE) {
                throw e;
            }
        }
    }

    private void linger() {
        if (inline) {
            for (int i = 0; i < YIELDS; i++) {
                scheduler.yieldPoint();
            }
        } else {
            gate.await(() -> open, Scheduler.NEVER);
        }
    }

    /** Lets it return; {@code false} if it is not waiting. */
    boolean letReturn() {
        if (inline || way != Op.CALLBACK_WAITS || starts == returns || open) {
            return false;
        }
        open = true;
        gate.wakeAll();
        return true;
    }
}
