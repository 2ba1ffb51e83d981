package dev.sva4j.core.endpoint;

import dev.sva4j.core.schedule.AuditedLock;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Scheduler;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The page-request interface of a function: numbers groups, keeps within its credit, waits for the response of each.
 *
 * <p>PCI Express Base Specification, "Page Request Services": at most so many requests are outstanding as software has
 * granted; a group is outstanding until its response; after a Response Failure the interface stops until it is enabled
 * again.
 */
final class PageRequestInterface {
    /** How waiting for a response ended. */
    enum Outcome {
        SUCCESS,
        INVALID,
        FAILURE,
        /** The interface is off, or the function was cut off meanwhile. */
        OFF
    }

    private static final class Outstanding {
        private final int pasid;
        // Written under the lock, once; read by the waiter's condition.
        private volatile @Nullable Outcome outcome;

        Outstanding(int pasid) {
            this.pasid = pasid;
        }
    }

    private final int requester;
    private final Consumer<PageRequest> send;
    private final Scheduler.WaitQueue queue;
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();

    private final AuditedLock lock;
    // Guarded by lock: a slot per group index; a free one is null. As many slots as the credit allows.
    private final @Nullable Outstanding[] groups;
    // Guarded by lock: where the search for a free index goes on, so that an index is not used again at once.
    private int next;
    // Guarded by lock for writing.
    private volatile boolean enabled;

    PageRequestInterface(String device, int requester, int credit, Scheduler scheduler, Consumer<PageRequest> send) {
        this.requester = requester;
        this.send = send;
        this.groups = new Outstanding[credit];
        this.lock = new AuditedLock("PRI of " + device);
        this.queue = scheduler.newWaitQueue("page responses of " + device);
    }

    boolean isEnabled() {
        return enabled;
    }

    long sent() {
        return sent.sum();
    }

    long received() {
        return received.sum();
    }

    void enable() {
        lock.lock();
        try {
            enabled = true;
        } finally {
            lock.unlock();
        }
    }

    /** Stops: whoever waits gets {@link Outcome#OFF}, responses that still come are ignored. */
    void disable() {
        lock.lock();
        try {
            enabled = false;
            for (int i = 0; i < groups.length; i++) {
                Outstanding each = groups[i];
                if (each != null) {
                    each.outcome = Outcome.OFF;
                    groups[i] = null;
                }
            }
        } finally {
            lock.unlock();
        }
        queue.wakeAll();
    }

    /** Sends a group of one request and waits for its response, first for credit if there is none. */
    Outcome request(int pasid, long page, boolean read, boolean write, boolean execute) {
        Outstanding[] mine = new Outstanding[1];
        int[] index = new int[1];
        queue.await(() -> !enabled || claim(pasid, mine, index), Scheduler.NEVER);
        Outstanding group = mine[0];
        if (group == null) {
            return Outcome.OFF;
        }
        sent.increment();
        send.accept(new PageRequest(
                requester, pasid, page, read, write, execute, false, index[0], true, PageRequest.Kind.PRI));
        queue.await(() -> group.outcome != null, Scheduler.NEVER);
        Outcome outcome = group.outcome;
        if (outcome == Outcome.FAILURE) {
            disable();
        }
        return outcome == null ? Outcome.OFF : outcome;
    }

    // A condition with a memory: it may be evaluated again after it has succeeded, by its own waiter only.
    private boolean claim(int pasid, Outstanding[] mine, int[] index) {
        if (mine[0] != null) {
            return true;
        }
        lock.lock();
        try {
            if (!enabled) {
                return false;
            }
            for (int tried = 0; tried < groups.length; tried++) {
                int candidate = (next + tried) % groups.length;
                if (groups[candidate] == null) {
                    next = candidate + 1;
                    Outstanding group = new Outstanding(pasid);
                    groups[candidate] = group;
                    mine[0] = group;
                    index[0] = candidate;
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A group response has arrived. One that fits no outstanding group is dropped: PCIe calls it an unexpected
     * response.
     */
    void response(int pasid, int group, ResponseCode code) {
        lock.lock();
        try {
            Outstanding waiting = group < groups.length ? groups[group] : null;
            if (waiting == null || (pasid != Pasid.NONE && pasid != waiting.pasid)) {
                return;
            }
            received.increment();
            groups[group] = null;
            waiting.outcome = switch (code) {
                case SUCCESS -> Outcome.SUCCESS;
                case INVALID -> Outcome.INVALID;
                case FAILURE -> Outcome.FAILURE;
            };
        } finally {
            lock.unlock();
        }
        queue.wakeAll();
    }
}
