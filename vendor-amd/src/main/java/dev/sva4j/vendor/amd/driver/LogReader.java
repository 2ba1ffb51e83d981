package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.driver.QueueConsumer;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.vendor.amd.layout.Ring;
import dev.sva4j.vendor.amd.layout.StatusRegister;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Consumer of the event log or the PPR log, which have one shape (AMD-Vi 2.5, 2.6, 3.3.13). A pass takes what the tail showed at
 * its start, so it is bounded by the size of the log.
 */
abstract class LogReader extends QueueConsumer {
    /** 512 entries, as in Linux. */
    private static final int LEN = 9;

    /**
     * How often an entry is read whose contents have not come although the tail is past it, as errata of some parts have it
     * (Linux, Xen).
     */
    private static final int READS_OF_AN_ENTRY = 1000;

    /** The registers of one log, and its bits in others. */
    record Registers(
            RegisterLayout base,
            RegisterLayout head,
            RegisterLayout tail,
            BitField logEn,
            BitField intEn,
            BitField run,
            BitField overflow) {}

    private final Unit unit;
    private final TableMemory memory;
    private final Control control;
    private final Registers registers;

    /** The base register. */
    private final long base;

    /** What has been taken, as in the head register. Belongs to the pass. */
    private long head;

    /** How often the log has overflowed. Written by passes, read by any thread. */
    private final AtomicInteger overflows = new AtomicInteger();

    /** Allocates the log. */
    LogReader(Unit unit, TableMemory memory, Control control, String name, Registers registers) {
        super(unit, name);
        this.unit = unit;
        this.memory = memory;
        this.control = control;
        this.registers = registers;
        this.base = Ring.encode(memory.allocate(Ring.bytes(Ring.encode(0, LEN)), "the " + name), LEN);
    }

    /** Programs base and pointers; nothing is logged yet. */
    final void program() {
        unit.write(registers.base, base);
        unit.write(registers.head, 0);
        unit.write(registers.tail, 0);
    }

    /** Whether the code field says that there is an entry. */
    abstract boolean isEntry(long word0);

    /** Hands on one entry. Does not wait. */
    abstract void deliver(long word0, long word1);

    /** Hardware has dropped entries because the log was full. */
    abstract void lost();

    /** Delivers everything that is in the log now: all of it has been delivered when this returns. */
    final void drain() {
        consume();
    }

    /** How often the log has overflowed so far. */
    final int overflows() {
        return overflows.get();
    }

    @Override
    protected final long pass() {
        long tail = tail();
        long taken = 0;
        try {
            while (head != tail) {
                long address = Ring.entryAddress(base, head);
                long word0 = await(address);
                long word1 = memory.load(address + Long.BYTES);
                // So that it is not taken for an entry when the tail comes round.
                memory.store(address, 0);
                memory.store(address + Long.BYTES, 0);
                // Taken, whatever comes of it: an entry that cannot be delivered must not come back.
                head = Ring.next(head, base);
                taken++;
                if (isEntry(word0)) {
                    deliver(word0, word1);
                } else {
                    lost();
                }
            }
        } finally {
            if (taken > 0) {
                unit.write(registers.head, head);
            }
        }
        acknowledgeOverflow();
        return taken;
    }

    private long await(long address) {
        long word0 = memory.load(address);
        for (int i = 0; i < READS_OF_AN_ENTRY && !isEntry(word0); i++) {
            Thread.onSpinWait();
            word0 = memory.load(address);
        }
        return word0;
    }

    /**
     * While the flag is 1 nothing is logged. It is cleared when the log is empty, which tells what was lost from what comes. The
     * loss is told after that: until then more is lost, and no flag says so.
     */
    private void acknowledgeOverflow() {
        if (hasOverflowed() && tail() == head) {
            overflows.incrementAndGet();
            control.restart(registers.logEn, registers.intEn, registers.run, registers.overflow);
            lost();
        }
    }

    @Override
    protected final boolean isMoreLeft() {
        return tail() != head || hasOverflowed();
    }

    private boolean hasOverflowed() {
        return registers.overflow.isSet(unit.read(StatusRegister.STATUS));
    }

    private long tail() {
        long tail = unit.read(registers.tail);
        if (!Ring.contains(tail, base)) {
            throw new IllegalStateException(String.format(
                    "%s: the tail of the %s is 0x%x, beyond its end: the hardware is gone or broken",
                    unit.name(), name(), tail));
        }
        return tail;
    }
}
