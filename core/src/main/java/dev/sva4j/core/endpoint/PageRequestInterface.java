package dev.sva4j.core.endpoint;

import dev.sva4j.core.schedule.AuditedLock;
import dev.sva4j.spi.InFlightSections;
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
    private final InFlightSections sections;
    private final Consumer<PageRequest> send;
    private final Scheduler.WaitQueue queue;
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();

    private final AuditedLock lock;
    // Guarded by lock: a slot per group index; a free one is null. As many slots as the credit allows.
    private final @Nullable Outstanding[] groups;
    // Guarded by lock: where the search for a free index goes on, so that an index is not used again at once.
    private int next;
    // Guarded by lock for writing: groups that are not free.
    private volatile int outstanding;
    // Guarded by lock for writing.
    private volatile boolean enabled;

    PageRequestInterface(
            String device,
            int requester,
            int credit,
            Scheduler scheduler,
            InFlightSections sections,
            Consumer<PageRequest> send) {
        this.requester = requester;
        this.sections = sections;
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
            outstanding = 0;
        } finally {
            lock.unlock();
        }
        queue.wakeAll();
    }

    /** Sends a group of one request and waits for its response, first for credit if there is none. */
    Outcome request(int pasid, long page, boolean read, boolean write, boolean execute) {
        Outstanding group = send(pasid, page, read, write, execute);
        while (group == null) {
            if (!enabled) {
                return Outcome.OFF;
            }
            queue.await(() -> !enabled || outstanding < groups.length, Scheduler.NEVER);
            group = send(pasid, page, read, write, execute);
        }
        Outstanding mine = group;
        queue.await(() -> mine.outcome != null, Scheduler.NEVER);
        Outcome outcome = mine.outcome;
        if (outcome == Outcome.FAILURE) {
            disable();
        }
        return outcome == null ? Outcome.OFF : outcome;
    }

    /** Sends a request if there is credit. In a section, so that nothing is sent once the function was cut off. */
    private @Nullable Outstanding send(int pasid, long page, boolean read, boolean write, boolean execute) {
        int section = sections.enter();
        try {
            Claim claim = claim(pasid);
            if (claim == null) {
                return null;
            }
            sent.increment();
            send.accept(new PageRequest(
                    requester, pasid, page, read, write, execute, false, claim.index, true, PageRequest.Kind.PRI));
            return claim.group;
        } finally {
            sections.exit(section);
        }
    }

    private record Claim(Outstanding group, int index) {}

    // The only writer of the count is the one that holds the lock.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private @Nullable Claim claim(int pasid) {
        lock.lock();
        try {
            if (!enabled || outstanding == groups.length) {
                return null;
            }
            int index = next;
            while (groups[index] != null) {
                index = (index + 1) % groups.length;
            }
            next = (index + 1) % groups.length;
            Outstanding group = new Outstanding(pasid);
            groups[index] = group;
            outstanding++;
            return new Claim(group, index);
        } finally {
            lock.unlock();
        }
    }

    /**
     * A group response has arrived. One that fits no outstanding group is dropped: PCIe calls it an unexpected
     * response.
     */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void response(int pasid, int group, ResponseCode code) {
        lock.lock();
        try {
            Outstanding waiting = group < groups.length ? groups[group] : null;
            if (waiting == null || (pasid != Pasid.NONE && pasid != waiting.pasid)) {
                return;
            }
            received.increment();
            groups[group] = null;
            outstanding--;
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
