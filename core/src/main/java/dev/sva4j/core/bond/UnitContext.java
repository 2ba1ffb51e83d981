package dev.sva4j.core.bond;

import dev.sva4j.core.unit.IommuUnit;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.TranslationContext;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An address space as one IOMMU knows it. Invalidations pin it, because they come at any time; it is closed only when
 * none is under way.
 */
final class UnitContext {
    private static final int CLOSED = -1;

    final IommuUnit unit;
    final TranslationContext context;
    // Entries that refer to it. Guarded by the entry mutex of the address space.
    int users;

    // Invalidations under way, or CLOSED.
    private final AtomicInteger pins = new AtomicInteger();
    private final Scheduler.WaitQueue unpinned;

    UnitContext(IommuUnit unit, TranslationContext context, Scheduler scheduler) {
        this.unit = unit;
        this.context = context;
        this.unpinned = scheduler.newWaitQueue("invalidations through " + unit.name());
    }

    boolean pin() {
        return pins.getAndUpdate(n -> n == CLOSED ? CLOSED : n + 1) != CLOSED;
    }

    void unpin() {
        if (pins.decrementAndGet() == 0) {
            unpinned.wakeAll();
        }
    }

    /** No entry refers to it any more: waits for invalidations under way, and gives the cache tag back. */
    void close() {
        while (!pins.compareAndSet(0, CLOSED)) {
            unpinned.await(() -> pins.get() == 0, Scheduler.NEVER);
        }
        unit.driver().closeContext(context);
    }
}
