package dev.sva4j.qemu.smmu;

import dev.sva4j.qemu.Rocker;
import dev.sva4j.spi.PhysicalMemory;

/**
 * An SMMU with its memory and its devices: ours, or QEMU's. Steps may be carried out later, but in order; {@link
 * #await} waits for all.
 */
interface Side extends AutoCloseable {
    /** Memory, for what happens while no step is outstanding. */
    PhysicalMemory memory();

    /** Stores a word of memory, in order with the other steps. */
    void store(long address, long value);

    void write32(long offset, int value);

    void write64(long offset, long value);

    /** Reads a register; the value is there after {@link #await}. */
    Value read32(long offset);

    /** A value that was read. */
    interface Value {
        long get();
    }

    /** A device accesses memory. */
    void access(int device, Rocker.Operation operation, long address);

    void await();

    @Override
    void close();
}
