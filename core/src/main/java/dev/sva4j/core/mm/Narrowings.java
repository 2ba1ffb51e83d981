package dev.sva4j.core.mm;

import java.util.ArrayList;
import java.util.List;

/**
 * Ranges that have lost rights in the tables while devices may still hold the wider entries, because the invalidation
 * is under way.
 *
 * <p>Whoever narrows the same range meanwhile finds nothing to change, and would return before anybody has told the
 * devices. So it tells them itself, once more (Linux: {@code mm_tlb_flush_nested}).
 *
 * <p>Guarded by the lock of the address space.
 */
final class Narrowings {
    record Range(long start, long last) {}

    private final List<Range> pending = new ArrayList<>();

    /** Adds to {@code gather} what others have narrowed within {@code start … last} and not finished. */
    void addPending(long start, long last, Gather gather) {
        for (Range range : pending) {
            if (range.start <= last && start <= range.last) {
                gather.changed(Math.max(start, range.start), Math.min(last, range.last));
            }
        }
    }

    void begin(Range range) {
        pending.add(range);
    }

    void end(Range range) {
        pending.remove(range);
    }
}
