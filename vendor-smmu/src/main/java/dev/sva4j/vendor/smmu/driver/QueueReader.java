package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.driver.QueueConsumer;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.vendor.smmu.layout.QueuePointer;

/**
 * Consumer of a queue in memory: the Event queue or the PRI queue (IHI 0070 §3.5, §7.3, §8). A pass takes what PROD showed
 * at its start, so it is bounded by the size of the queue.
 */
abstract class QueueReader extends QueueConsumer {
    /** How often a drain looks again. Every pass frees the whole queue, so this is more than IDR5.STALL_MAX needs. */
    private static final int PASSES_OF_A_DRAIN = 16;

    /** The registers of one queue. */
    record Registers(RegisterLayout base, RegisterLayout prod, RegisterLayout cons) {}

    private final Unit unit;
    private final TableMemory memory;
    private final Registers registers;
    private final int log2Size;
    private final long size;
    private final int log2EntryBytes;
    private final long base;

    /** CONS: what has been taken, and the overflow that was acknowledged last. Belongs to the pass. */
    private long cons;

    /** Allocates the queue. */
    QueueReader(Unit unit, TableMemory memory, String name, Registers registers, int log2Size, int log2EntryBytes) {
        super(unit, name);
        this.unit = unit;
        this.memory = memory;
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

    /** Delivers everything that hardware has queued so far: all of it has been delivered when this returns. */
    final void drain() {
        // A full queue may hide stalled transactions whose records wait for room, so look again after making it.
        int passes = 0;
        while (consume() == size && passes < PASSES_OF_A_DRAIN) {
            passes++;
        }
    }

    @Override
    protected final long pass() {
        long prod = unit.read(registers.prod);
        long taken = QueuePointer.used(prod, cons, log2Size);
        if (taken > size) {
            throw new IllegalStateException(String.format(
                    "%s: PROD of the %s is 0x%x with CONS at 0x%x: the hardware is gone or broken",
                    unit.name(), name(), prod, cons));
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
            cons = QueuePointer.acknowledgeOverflow(prod, cons);
            unit.write(registers.cons, cons);
            // Not before: while it is not acknowledged, what is lost besides leaves no mark.
            lost();
        }
        return taken;
    }

    @Override
    protected final boolean isMoreLeft() {
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
