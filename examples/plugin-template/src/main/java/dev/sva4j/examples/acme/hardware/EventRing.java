package dev.sva4j.examples.acme.hardware;

import dev.sva4j.examples.acme.layout.Registers;
import dev.sva4j.examples.acme.layout.Ring;
import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.hardware.RegisterFile;
import java.util.ArrayDeque;

/** The event ring. Thread-safe. */
final class EventRing {
    private final PhysicalMemory memory;
    private final InterruptSink interrupts;

    // Registers: read by any thread. Those of the ring are written under the lock of this; the tail after what it
    // covers.
    private volatile long ring;
    private volatile long head;
    private volatile long tail;
    private volatile long status;
    private volatile long messageAddress;
    private volatile long messageData;

    /** Events of stalled requests that have found no room, in pairs of words; guarded by this. No more than requests. */
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();

    EventRing(PhysicalMemory memory, InterruptSink interrupts) {
        this.memory = memory;
        this.interrupts = interrupts;
    }

    void defineRegisters(RegisterFile registers) {
        registers.define(Registers.EVENT_RING, () -> ring, value -> ring = value);
        registers.define(Registers.EVENT_TAIL, () -> tail);
        registers.define(Registers.EVENT_HEAD, () -> head, this::moveHead);
        registers.define(Registers.EVENT_STATUS, () -> status, this::writeStatus);
        registers.define(Registers.MSI_ADDRESS, () -> messageAddress, value -> messageAddress = value);
        registers.define(Registers.MSI_DATA, () -> messageData, value -> messageData = value);
    }

    /** Records a refusal, or that one was lost. Without a ring nothing is recorded. */
    void refused(long word0, long word1) {
        if (ring == 0) {
            return;
        }
        synchronized (this) {
            if (isFull()) {
                status = Registers.OVERFLOW.put(status, true);
            } else {
                append(word0, word1);
            }
        }
        interrupts.message(messageAddress, (int) messageData);
    }

    /** Records a request that is stalled, now or when there is room. */
    void stalled(long word0, long word1) {
        synchronized (this) {
            if (isFull()) {
                waiting.add(word0);
                waiting.add(word1);
                return;
            }
            append(word0, word1);
        }
        interrupts.message(messageAddress, (int) messageData);
    }

    private void moveHead(long value) {
        boolean more;
        synchronized (this) {
            head = Registers.INDEX.get(value);
            more = !waiting.isEmpty();
            while (!waiting.isEmpty() && !isFull()) {
                append(waiting.remove(), waiting.remove());
            }
        }
        if (more) {
            interrupts.message(messageAddress, (int) messageData);
        }
    }

    private synchronized void writeStatus(long value) {
        status = Registers.EVENT_STATUS.afterWrite(status, value);
    }

    private boolean isFull() {
        return Ring.next(tail) == head;
    }

    private void append(long word0, long word1) {
        long at = Ring.entryAddress(ring, tail);
        try {
            memory.storeRelease(at, word0);
            memory.storeRelease(at + Long.BYTES, word1);
        } catch (MemoryAbortException e) {
            // A posted write to nowhere: nobody learns of it.
        }
        tail = Ring.next(tail);
    }

    /** ENABLE = 0. */
    synchronized void reset() {
        waiting.clear();
        head = 0;
        tail = 0;
        status = 0;
    }
}
