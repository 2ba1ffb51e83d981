package dev.sva4j.conformance;

import dev.sva4j.spi.Scheduler;

/** Holds up whoever wants through until it is opened: how a rule makes a callback that does not return. */
final class Gate {
    private final Scheduler.WaitQueue queue;
    private volatile boolean open;

    Gate(Scheduler scheduler) {
        this.queue = scheduler.newWaitQueue("gate of a rule");
    }

    void pass() {
        queue.await(() -> open, Scheduler.NEVER);
    }

    void open() {
        open = true;
        queue.wakeAll();
    }
}
