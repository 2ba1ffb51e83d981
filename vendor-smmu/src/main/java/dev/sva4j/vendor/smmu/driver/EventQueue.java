package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.smmu.layout.QueuePointer;
import dev.sva4j.vendor.smmu.layout.QueueRegisters;

/**
 * The Event queue: stalled transactions become page requests, all else is an unrecoverable fault (IHI 0070 §7.3).
 */
final class EventQueue extends QueueReader {
    private static final Registers REGISTERS =
            new Registers(QueueRegisters.EVENTQ_BASE, QueueRegisters.EVENTQ_PROD, QueueRegisters.EVENTQ_CONS);

    private final String unit;
    private final FaultSink faults;

    EventQueue(Unit unit, TableMemory memory, FaultSink faults, int log2Size) {
        super(unit, memory, "evtq", REGISTERS, log2Size, QueuePointer.LOG2_EVENT_BYTES);
        this.unit = unit.name();
        this.faults = faults;
    }

    @Override
    void deliver(long[] event) {
        if (EventDecoder.isStalled(event)) {
            faults.pageRequest(EventDecoder.pageRequest(event));
        } else {
            faults.unrecoverable(EventDecoder.fault(unit, event));
        }
    }

    /** Stalled transactions are never lost this way: they wait until there is room. */
    @Override
    void lost() {
        faults.eventsLost();
    }
}
