package dev.sva4j.spi;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apiguardian.api.API;

/**
 * Knows which accesses are in flight, so that an invalidation is confirmed only when none is left that may use what it
 * removed.
 *
 * <p>Readers bracket each access with {@link #enter} and {@link #exit}: two uncontended atomic additions, no lock, no
 * allocation. Whoever has removed something from a cache calls {@link #whenDrained}; its action runs once every section
 * that was open at that moment has ended, on the thread that notices. Nobody waits.
 *
 * <p>How: readers count themselves in one of two sets of striped counters, the one that {@code phase} names. A grace
 * period first waits for the set which is not named to be empty (stragglers of the one before), then switches, then
 * waits for the other set. A reader that read {@code phase} before a switch and counts itself after the check is
 * harmless: its first atomic addition comes after the removal, so it cannot find what was removed.
 *
 * <p>Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class InFlightSections {
    private static final int STRIPES = 16;
    // A stripe has a cache line (and its neighbour, which the adjacent-line prefetcher fetches) to itself: 16 words of
    // 8 bytes.
    private static final int PADDING = 16;

    // [phase][stripe]: number of open sections. Only ever changed by atomic additions, which order a section's accesses
    // after its entry and before its exit.
    private final AtomicLongArray open = new AtomicLongArray(2 * STRIPES * PADDING);

    // Set that new sections count themselves in: 0 or 1. Written by the thread that runs the state machine.
    private volatile int phase;

    // Whether a grace period is wanted or under way; readers look at it after their exit. Set before counters are
    // summed, so either the summing thread sees the exit or the exiting thread sees this.
    private volatile boolean pending;

    // Whoever raises this from 0 runs the state machine; the others leave a request to look again and go.
    private final AtomicInteger running = new AtomicInteger();

    // Guarded by itself: actions for the next grace period.
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

    // Owned by the thread that runs the state machine: actions of this grace period, and how far it is.
    private final ArrayDeque<Runnable> current = new ArrayDeque<>();
    private boolean switched;

    /** No section is open. */
    public InFlightSections() {}

    /**
     * Opens a section. It must be closed by {@link #exit} with the value returned, by any thread, soon: it must contain
     * no wait and no code of a user's.
     */
    public int enter() {
        int slot = (phase * STRIPES + stripe()) * PADDING;
        open.getAndIncrement(slot);
        return slot;
    }

    /** Closes a section. Runs actions that waited for it. */
    public void exit(int section) {
        open.getAndDecrement(section);
        if (pending) {
            advance();
        }
    }

    /**
     * Runs {@code action} once every section that is open now has ended; at once, on this thread, if there is none. The
     * action must not block. If it throws, other actions run all the same, and the call that ran it throws that on.
     */
    public void whenDrained(Runnable action) {
        synchronized (waiting) {
            waiting.add(action);
            pending = true;
        }
        advance();
    }

    private static int stripe() {
        // Thread ids are dense; a multiplication spreads neighbours.
        return (int) ((Thread.currentThread().getId() * 0x9E3779B97F4A7C15L) >>> 60);
    }

    private void advance() {
        if (running.getAndIncrement() != 0) {
            return;
        }
        RuntimeException failure = null;
        while (true) {
            int seen = running.get();
            try {
                runGracePeriods();
                if (running.compareAndSet(seen, 0)) {
                    break;
                }
            } catch (RuntimeException e) {
                // Of an action: it must not keep the others from running, now or later.
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void runGracePeriods() {
        while (takeWaiting()) {
            if (!switched) {
                int other = 1 - phase;
                if (!isEmpty(other)) {
                    return;
                }
                phase = other;
                switched = true;
            }
            if (!isEmpty(1 - phase)) {
                return;
            }
            switched = false;
            for (Runnable action = current.poll(); action != null; action = current.poll()) {
                action.run();
            }
        }
    }

    // A grace period serves those actions that were there when it began: later ones may depend on sections opened
    // since.
    private boolean takeWaiting() {
        if (!current.isEmpty()) {
            return true;
        }
        synchronized (waiting) {
            current.addAll(waiting);
            waiting.clear();
            if (current.isEmpty()) {
                pending = false;
                return false;
            }
            return true;
        }
    }

    private boolean isEmpty(int set) {
        long sum = 0;
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            sum += open.get((set * STRIPES + stripe) * PADDING);
        }
        return sum == 0;
    }
}
