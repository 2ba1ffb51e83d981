package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.vendor.smmu.layout.QueuePointer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Consumer of a queue that hardware fills: the Event queue or the PRI queue (IHI 0070 §3.5, §7.3, §8).
 *
 * <p>Two kinds of tasks consume: the interrupt's, and whoever drains. One at a time does, for one pass: it takes what
 * PROD showed at the start of the pass, in order, and delivers each entry once. So a pass is bounded by the size of the
 * queue, however fast hardware fills it. If something is left then, another task goes on, because no interrupt may come
 * for it: that is sent when a queue stops being empty, and it may never have been.
 */
abstract class QueueReader {
    /** How often a drain looks again. Every pass frees the whole queue, so this is more than IDR5.STALL_MAX needs. */
    private static final int PASSES_OF_A_DRAIN = 16;

    /** The registers of one queue. */
    record Registers(RegisterLayout base, RegisterLayout prod, RegisterLayout cons) {}

    private final Unit unit;
    private final TableMemory memory;
    private final String name;
    private final Registers registers;
    private final int log2Size;
    private final long size;
    private final int log2EntryBytes;
    private final long base;

    /** Whether someone consumes. Whoever has set it may touch {@link #cons}; not kept at a wait. */
    private final AtomicBoolean busy = new AtomicBoolean();

    /** Whether a task that goes on is on its way. Any thread. */
    private final AtomicBoolean continuing = new AtomicBoolean();

    /** CONS: what has been taken, and the overflow that was acknowledged last. Guarded by {@link #busy}. */
    private long cons;

    /** Whether the hardware is off. Guarded by {@link #busy}. */
    private boolean stopped;

    /** Allocates the queue. */
    QueueReader(Unit unit, TableMemory memory, String name, Registers registers, int log2Size, int log2EntryBytes) {
        this.unit = unit;
        this.memory = memory;
        this.name = name;
        this.registers = registers;
        this.log2Size = log2Size;
        this.size = 1L << log2Size;
        this.log2EntryBytes = log2EntryBytes;
        this.base = memory.allocate(QueuePointer.bytes(log2Size, log2EntryBytes), "the " + name);
    }

    /** Programs base and indexes; the queue is still disabled. */
    final void program() {
        unit.write(registers.base, QueuePointer.encodeBase(base, log2Size, true));
        unit.write(registers.prod, 0);
        unit.write(registers.cons, 0);
    }

    /** Hands on one entry. Does not wait. */
    abstract void deliver(long[] words);

    /** Hardware has dropped entries because the queue was full. */
    abstract void lost();

    /** The interrupt's handler. */
    final void onInterrupt() {
        consume();
    }

    /** Delivers everything that hardware has queued so far: all of it has been delivered when this returns. */
    final void drain() {
        // A full queue may hide stalled transactions whose records wait for room, so look again after making it.
        int passes = 0;
        while (consume() == size && passes < PASSES_OF_A_DRAIN) {
            passes++;
        }
    }

    /** The hardware is off: nothing is read from the queue any more, whoever comes late. */
    final void stop() {
        acquire();
        stopped = true;
        busy.set(false);
    }

    /** One pass; returns how many entries it took. */
    private long consume() {
        acquire();
        boolean more = false;
        try {
            if (stopped) {
                return 0;
            }
            more = true;
            long taken = pass();
            more = isMoreLeft();
            return taken;
        } finally {
            busy.set(false);
            if (more) {
                goOn();
            }
        }
    }

    private void goOn() {
        if (continuing.compareAndSet(false, true)) {
            unit.spawn(name, () -> {
                continuing.set(false);
                consume();
            });
        }
    }

    private void acquire() {
        while (!busy.compareAndSet(false, true)) {
            unit.await(() -> !busy.get(), "another consumer of the " + name);
        }
    }

    private long pass() {
        long prod = unit.read(registers.prod);
        long taken = QueuePointer.used(prod, cons, log2Size);
        if (taken > size) {
            throw new IllegalStateException(String.format(
                    "%s: PROD of the %s is 0x%x with CONS at 0x%x: the hardware is gone or broken",
                    unit.name(), name, prod, cons));
        }
        boolean overflow = QueuePointer.isOverflowActive(prod, cons);
        try {
            for (long i = 0; i < taken; i++) {
                long[] words = read(cons);
                // Taken, whatever comes of it: an entry that cannot be delivered must not come back.
                cons = QueuePointer.next(cons, log2Size);
                deliver(words);
            }
        } finally {
            if (taken > 0) {
                unit.write(registers.cons, cons);
            }
        }
        if (overflow) {
            // An overflow keeps page requests out until it is acknowledged, so the queue is empty now and still when
            // the flag goes.
            lost();
            cons = QueuePointer.acknowledgeOverflow(prod, cons);
            unit.write(registers.cons, cons);
        }
        return taken;
    }

    private boolean isMoreLeft() {
        long prod = unit.read(registers.prod);
        return !QueuePointer.isEmpty(prod, cons, log2Size) || QueuePointer.isOverflowActive(prod, cons);
    }

    private long[] read(long position) {
        long address = QueuePointer.entryAddress(base, position, log2Size, log2EntryBytes);
        long[] words = new long[(1 << log2EntryBytes) / Long.BYTES];
        for (int word = 0; word < words.length; word++) {
            words[word] = memory.load(address + (long) word * Long.BYTES);
        }
        return words;
    }
}
