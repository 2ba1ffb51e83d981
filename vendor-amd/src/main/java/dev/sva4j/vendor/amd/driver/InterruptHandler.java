package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.driver.CompletionQueue;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.amd.layout.StatusRegister;
import org.jspecify.annotations.Nullable;

/**
 * The handler of the one interrupt (AMD-Vi 3.3; {@code amd_iommu_int_thread}). Flags are cleared before logs are read: what comes
 * later sets them again and interrupts again, and on some parts does only the first of the two (Linux, erratum 1312).
 */
final class InterruptHandler {
    private static final long FLAGS = StatusRegister.EVENT_LOG_INT.encode(true)
            | StatusRegister.PPR_INT.encode(true)
            | StatusRegister.COM_WAIT_INT.encode(true);

    private final Unit unit;
    private final CompletionQueue queue;
    private final EventLog events;
    private final @Nullable PprLog pageRequests;

    /** @param pageRequests null without page requests */
    InterruptHandler(Unit unit, CompletionQueue queue, EventLog events, @Nullable PprLog pageRequests) {
        this.unit = unit;
        this.queue = queue;
        this.events = events;
        this.pageRequests = pageRequests;
    }

    /** Takes what there is. */
    void handle() {
        do {
            unit.write(StatusRegister.STATUS, flags());
            queue.attend();
            events.onInterrupt();
            if (pageRequests != null) {
                pageRequests.onInterrupt();
            }
        } while (flags() != 0);
        queue.failUnreported();
    }

    private long flags() {
        return StatusRegister.common(unit.read(StatusRegister.STATUS), FLAGS);
    }
}
