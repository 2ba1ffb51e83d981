package dev.sva4j.qemu.smmu;

import dev.sva4j.spi.MemoryRange;
import dev.sva4j.vendor.smmu.layout.QueuePointer;

/** What both sides have in common: memory, devices and the place of the queues. */
final class Bench {
    /** More than anyone stores to, so that high address bits lead to memory too. */
    static final MemoryRange RAM = new MemoryRange(1L << 30, 64L << 30);

    // What our part has (IDR1.CMDQS, EVENTQS); QEMU would take more.
    static final int LOG2_COMMANDS = 8;
    static final int LOG2_EVENTS = 7;

    static final long CMDQ = RAM.start() + 0x1_5000;
    static final long EVENTQ = RAM.start() + 0x1_6000;

    /** Slots of bus 0. Their StreamIDs lie in four groups of 64; two share one, and one is the first of its group. */
    private static final int[] SLOTS = {6, 7, 0x11, 0x1e, 8};

    private Bench() {}

    static int devices() {
        return SLOTS.length;
    }

    static int[] slots() {
        return SLOTS.clone();
    }

    /** Requester id, and StreamID, of a device. */
    static int requester(int device) {
        return SLOTS[device] << 3;
    }

    static long command(long prod) {
        return QueuePointer.entryAddress(CMDQ, prod, LOG2_COMMANDS, QueuePointer.LOG2_COMMAND_BYTES);
    }

    static long event(long cons) {
        return QueuePointer.entryAddress(EVENTQ, cons, LOG2_EVENTS, QueuePointer.LOG2_EVENT_BYTES);
    }
}
