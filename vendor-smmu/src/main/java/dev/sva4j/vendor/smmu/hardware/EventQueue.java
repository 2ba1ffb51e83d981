package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_EVENTQS;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.GERROR_EVENTQ_ABT_ERR;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.EVENTQ_BASE;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.EVENTQ_CONS;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.EVENTQ_PROD;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.EventRecord;
import dev.sva4j.vendor.smmu.layout.QueuePointer;
import java.util.ArrayDeque;
import java.util.function.Predicate;

/**
 * The Event queue (§7.2, §7.4). Writable while it is enabled, not full, and EVENTQ_ABT_ERR is not active.
 *
 * <p>An event that finds it full is lost and raises an overflow, which does not keep later events out. One that finds
 * it disabled or in error is lost. Records of stalls are never lost: they wait until the queue is writable. Events are
 * never merged.
 */
final class EventQueue {
    private final Control control;
    private final GlobalErrors errors;
    private final Interrupts interrupts;

    /** Guards the queue and {@link #waiting}. Nothing else is locked under it. */
    private final Object lock = new Object();

    private final OutputQueue queue;

    /** Records of stalls for which the queue was not writable, in order. At most as many as transactions may stall. */
    private final ArrayDeque<long[]> waiting = new ArrayDeque<>();

    EventQueue(Control control, GlobalErrors errors, Interrupts interrupts, PhysicalMemory memory, Features features) {
        this.control = control;
        this.errors = errors;
        this.interrupts = interrupts;
        this.queue = new OutputQueue(memory, QueuePointer.LOG2_EVENT_BYTES, IDR1_EVENTQS.get(features.ids.idr1()));
    }

    void defineRegisters(RegisterFile registers) {
        registers.define(EVENTQ_BASE, queue::base, value -> {
            synchronized (lock) {
                if (!control.isEventQueueEnabled()) {
                    queue.writeBase(EVENTQ_BASE, value);
                }
            }
        });
        registers.define(EVENTQ_PROD, queue::prod, value -> {
            synchronized (lock) {
                if (!control.isEventQueueEnabled()) {
                    queue.writeProd(EVENTQ_PROD, value);
                }
            }
        });
        registers.define(EVENTQ_CONS, queue::cons, value -> {
            synchronized (lock) {
                queue.writeCons(EVENTQ_CONS, value);
            }
            writeWaiting();
        });
    }

    /** Records the fault of an access, unless it is one that is recorded only on request (CR2.RECINVSID). */
    void recordFault(Settings settings, long fault, int sid, int ssid, long address, int need) {
        if (settings.recordBadStreamIds() || !Fault.is(fault, EventId.C_BAD_STREAMID)) {
            record(EventRecords.of(fault, sid, ssid, address, need));
        }
    }

    /** Records an event of a transaction that has ended. */
    void record(long[] event) {
        OutputQueue.Written written;
        synchronized (lock) {
            if (!isUsable()) {
                return;
            }
            if (queue.isFull()) {
                queue.raiseOverflow();
                return;
            }
            written = queue.write(event);
        }
        announce(written);
    }

    /** Records the event of a stalled transaction, now or when there is room. */
    void recordStall(long[] event) {
        synchronized (lock) {
            waiting.add(event);
        }
        writeWaiting();
    }

    /** Writes what waits, as far as there is room. To be called when the queue may have become writable. */
    void writeWaiting() {
        boolean more = true;
        while (more) {
            OutputQueue.Written written;
            synchronized (lock) {
                if (waiting.isEmpty() || !isUsable() || queue.isFull()) {
                    return;
                }
                written = queue.write(waiting.element());
                more = written != OutputQueue.Written.ABORTED;
                if (more) {
                    waiting.remove();
                }
            }
            announce(written);
        }
    }

    /** Drops waiting records of stalls that have ended. */
    void discardStalls(Predicate<long[]> ended) {
        synchronized (lock) {
            waiting.removeIf(ended);
        }
    }

    /** Whether a record of a stall belongs to this stream. */
    static boolean isOfStream(long[] event, long sid) {
        return EventRecord.STREAMID.get(event[EventRecord.STREAMID.word()]) == sid;
    }

    private boolean isUsable() {
        return control.isEventQueueEnabled() && !errors.isActive(GERROR_EVENTQ_ABT_ERR);
    }

    private void announce(OutputQueue.Written written) {
        switch (written) {
            case FIRST -> interrupts.raise(Interrupts.Source.EVENTQ);
            case ABORTED -> errors.activate(GERROR_EVENTQ_ABT_ERR);
            case MORE -> {}
        }
    }
}
