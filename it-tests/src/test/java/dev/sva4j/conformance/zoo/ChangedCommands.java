package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.ForwardingMmio;
import dev.sva4j.conformance.forward.ForwardingDriverHost;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A driver's host that changes commands when the doorbell rings: then they are whole in memory, and hardware does not know of them yet. The
 * doorbell rings under the driver's lock, on the thread that issues the commands.
 */
final class ChangedCommands extends ForwardingDriverHost {
    private final CommandRing ring;
    private final UnaryOperator<long[]> change;

    /** As written last, under the driver's lock. */
    private long base;

    /** Likewise. */
    private long tail;

    /** @param change given a copy of a command, returns what takes its place */
    ChangedCommands(DriverHost to, CommandRing ring, UnaryOperator<long[]> change) {
        super(to);
        this.ring = ring;
        this.change = change;
    }

    @Override
    public Mmio registers() {
        return new ForwardingMmio(super.registers()) {
            @Override
            public void write32(long offset, int value) {
                see(offset, Integer.toUnsignedLong(value));
                super.write32(offset, value);
            }

            @Override
            public void write64(long offset, long value) {
                see(offset, value);
                super.write64(offset, value);
            }
        };
    }

    private void see(long offset, long value) {
        if (offset == ring.baseRegister()) {
            base = value;
            tail = 0;
        } else if (offset == ring.tailRegister()) {
            PhysicalMemory memory = memory();
            while (tail != value) {
                changeAt(memory, ring.address(base, tail));
                tail = ring.next(base, tail);
            }
        }
    }

    private void changeAt(PhysicalMemory memory, long address) {
        long[] command = new long[ring.words()];
        Arrays.setAll(command, word -> memory.load(address + (long) word * Long.BYTES));
        long[] changed = change.apply(command.clone());
        for (int word = 0; word < changed.length; word++) {
            memory.storeRelease(address + (long) word * Long.BYTES, changed[word]);
        }
    }
}
