package dev.sva4j.core.endpoint;

import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.Transaction;

/**
 * The transaction of one DMA engine, used over and over. A completion on the submitting thread costs two plain stores
 * more.
 */
final class PendingTransaction extends Transaction {
    private final Scheduler.WaitQueue queue;

    // Raised by whoever completes. Waiting is raised before done is looked at, and done is raised before waiting is
    // looked at: one of the two sees the other.
    private volatile boolean done;
    private volatile boolean waiting;

    PendingTransaction(Scheduler.WaitQueue queue) {
        this.queue = queue;
    }

    /** Call before each submit. */
    void arm() {
        waiting = false;
        done = false;
    }

    @Override
    protected void completed() {
        done = true;
        if (waiting) {
            queue.wakeAll();
        }
    }

    /** Waits for the end. */
    CompletionStatus awaitCompletion() {
        if (!done) {
            waiting = true;
            queue.await(() -> done, Scheduler.NEVER);
        }
        return status();
    }
}
