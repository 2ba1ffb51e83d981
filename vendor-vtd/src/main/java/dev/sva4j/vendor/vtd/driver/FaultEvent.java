package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.driver.CompletionQueue;

/**
 * The handler of the fault event: recorded faults, and errors of the invalidation queue (VT-d 7.3; {@code dmar_fault}).
 *
 * <p>Hardware sends no event while any of FSTS is pending. So errors are attended to before records are looked at: a fault
 * that was recorded while an error was pending is found, and one after it has an event of its own.
 */
final class FaultEvent {
    private final CompletionQueue queue;
    private final FaultRecords records;

    FaultEvent(CompletionQueue queue, FaultRecords records) {
        this.queue = queue;
        this.records = records;
    }

    /** Gets hardware going again. */
    void handle() {
        do {
            queue.attend();
            records.onInterrupt();
        } while (queue.isErrorActive());
        queue.failUnreported();
    }
}
