package dev.sva4j.core.mm;

import dev.sva4j.core.schedule.AuditedLock;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.pagetable.PageTableFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * Ranges between the two steps of a break-before-make: taken out of the tables, not yet invalidated everywhere, so not
 * to be touched by anybody else. They exist because no lock is held while an invalidation is waited for; each is over
 * as soon as commands complete.
 *
 * <p>There are two kinds. A <em>removal</em> leaves nothing behind: pages are filled in anew only after it. An
 * <em>exchange</em> puts something back into the same tables, so none of them may go meanwhile even if they look empty.
 */
final class Transitions {
    private record Range(long start, long last, boolean exchange) {}

    // Guarded by the lock of the address space.
    private final List<Range> ranges = new ArrayList<>();

    // Raised under that lock when a range ends, before waiters are woken.
    private volatile int ended;

    private final AuditedLock lock;
    private final Scheduler.WaitQueue queue;

    Transitions(AuditedLock lock, Scheduler.WaitQueue queue) {
        this.lock = lock;
        this.queue = queue;
    }

    /** Takes the lock at a moment when no transition overlaps the range. */
    void lockRange(long start, long last) {
        while (true) {
            lock.lock();
            if (!overlaps(start, last)) {
                return;
            }
            int seen = ended;
            lock.unlock();
            queue.await(() -> ended != seen, Scheduler.NEVER);
        }
    }

    private boolean overlaps(long start, long last) {
        for (Range range : ranges) {
            if (range.start <= last && start <= range.last) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a table that covers a part of {@code start … last} may be one that a transition comes back to, with the
     * lock held. While it lasts such a table can look empty.
     */
    boolean mayNeedTablesOf(long start, long last, PageTableFormat format) {
        for (Range range : ranges) {
            if (!range.exchange) {
                continue;
            }
            // A page comes back to a last-level table, a block to one above.
            long bytes = range.last - range.start + 1;
            int covered = format.indexShift(bytes < 1L << format.indexShift(1) ? 1 : 2);
            if (range.start >>> covered <= last >>> covered && start >>> covered <= range.last >>> covered) {
                return true;
            }
        }
        return false;
    }

    /** With the lock held. */
    void beginExchange(long start, long last) {
        ranges.add(new Range(start, last, true));
    }

    /** With the lock held. */
    void beginRemoval(long start, long last) {
        ranges.add(new Range(start, last, false));
    }

    /** With the lock held; {@link #wake} follows without it. */
    // The only writer is the one that holds the lock.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void end(long start, long last) {
        ranges.removeIf(range -> range.start == start && range.last == last);
        ended++;
    }

    void wake() {
        queue.wakeAll();
    }
}
