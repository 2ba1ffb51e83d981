package dev.sva4j.examples.acme.driver;

import dev.sva4j.api.Access;
import dev.sva4j.api.FaultReason;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.examples.acme.layout.Event;
import dev.sva4j.examples.acme.layout.Registers;
import dev.sva4j.examples.acme.layout.Ring;
import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.Interrupt;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.driver.QueueConsumer;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import java.util.List;

/** Hands on what hardware has recorded. */
final class Events extends QueueConsumer {
    /** How often a drain looks again. Each pass makes room for a whole ring, so this is more than stalled requests need. */
    private static final int PASSES_OF_A_DRAIN = Event.TAGS / Ring.ENTRIES + 2;

    private final Unit unit;
    private final TableMemory memory;
    private final FaultSink faults;
    /** Set by {@link #start}, before any other call. */
    private long ring;
    /** The next event. Belongs to the pass. */
    private long head;

    Events(Unit unit, TableMemory memory, FaultSink faults) {
        super(unit, "event ring");
        this.unit = unit;
        this.memory = memory;
        this.faults = faults;
    }

    void start(Interrupt interrupt) {
        ring = memory.allocate(Ring.BYTES, "the event ring");
        unit.write(Registers.MSI_ADDRESS, Registers.MESSAGE_ADDRESS.encodeAddress(interrupt.address()));
        unit.write(Registers.MSI_DATA, Registers.MESSAGE_DATA.encode(Integer.toUnsignedLong(interrupt.data())));
        unit.write(Registers.EVENT_RING, Registers.ADDRESS.encodeAddress(ring));
        unit.write(Registers.EVENT_HEAD, 0);
    }

    /** Delivers everything that hardware has recorded so far, stalled requests that found no room included. */
    void drain() {
        for (int pass = 0; pass < PASSES_OF_A_DRAIN && consume() == Ring.ENTRIES - 1; pass++) {}
    }

    @Override
    protected long pass() {
        long tail = tail();
        long taken = Ring.distance(head, tail);
        try {
            while (head != tail) {
                long at = Ring.entryAddress(ring, head);
                // Taken, whatever comes of it: an event that cannot be delivered must not come back.
                head = Ring.next(head);
                deliver(memory.load(at), memory.load(at + Long.BYTES));
            }
        } finally {
            unit.write(Registers.EVENT_HEAD, Registers.INDEX.encode(head));
        }
        if (isOverflown()) {
            unit.write(Registers.EVENT_STATUS, Registers.OVERFLOW.encode(true));
            faults.eventsLost();
        }
        return taken;
    }

    @Override
    protected boolean isMoreLeft() {
        return tail() != head || isOverflown();
    }

    private long tail() {
        return Registers.INDEX.get(unit.read(Registers.EVENT_TAIL));
    }

    private boolean isOverflown() {
        return Registers.OVERFLOW.isSet(unit.read(Registers.EVENT_STATUS));
    }

    private void deliver(long word0, long word1) {
        int requester = Event.requester(word0);
        int pasid = Event.pasid(word0);
        Access access = Event.access(word0);
        long address = Event.ADDRESS.getAddress(word1);
        if (Event.STALL.isSet(word0)) {
            faults.pageRequest(new PageRequest(
                    requester,
                    pasid,
                    address,
                    access == Access.READ,
                    access == Access.WRITE,
                    access == Access.EXECUTE,
                    false,
                    (int) Event.TAG.get(word1),
                    true,
                    PageRequest.Kind.STALL));
        } else {
            long code = Event.CODE.get(word0);
            faults.unrecoverable(new FaultRecord(
                    unit.name(),
                    requester,
                    pasid,
                    address,
                    access,
                    reason((int) code),
                    Event.name(code),
                    List.of(word0, word1)));
        }
    }

    private static FaultReason reason(int code) {
        return switch (code) {
            case Event.BAD_DEVICE -> FaultReason.BAD_DEVICE_ENTRY;
            case Event.BAD_PASID -> FaultReason.BAD_PASID_ENTRY;
            case Event.NOT_PRESENT -> FaultReason.NOT_PRESENT;
            case Event.PERMISSION -> FaultReason.PERMISSION;
            case Event.WALK_ABORT -> FaultReason.WALK_ABORT;
            default -> FaultReason.OTHER;
        };
    }
}
