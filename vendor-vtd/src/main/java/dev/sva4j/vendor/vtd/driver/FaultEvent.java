package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.driver.Unit;

/**
 * The handler of the fault event: recorded faults, and errors of the invalidation queue (VT-d 7.3; {@code dmar_fault}).
 *
 * <p>Hardware sends no event while any of FSTS is pending. So errors are attended to before records are looked at: a fault
 * that was recorded while an error was pending is found, and one after it has an event of its own.
 */
final class FaultEvent {
    private final Unit unit;
    private final DescriptorQueue queue;
    private final FaultRecords records;

    FaultEvent(Unit unit, DescriptorQueue queue, FaultRecords records) {
        this.unit = unit;
        this.queue = queue;
        this.records = records;
    }

    /** Gets hardware going again. */
    void handle() {
        do {
            queue.attend();
            records.onInterrupt();
        } while (queue.isErrorActive());
        queue.takeUnreported().forEach(this::report);
    }

    /**
     * What nobody waits for fails in a task of its own: the scheduler keeps what escapes from a task and reports it when the
     * system closes, and this handler goes on.
     */
    private void report(String failure) {
        unit.spawn("failure", () -> {
            throw new IllegalStateException(failure);
        });
    }
}
