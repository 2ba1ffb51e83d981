package dev.sva4j.conformance;

import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Memory that counts the entries of one log: hardware publishes each by a store of its first word with release semantics. What
 * software stores there are zeros.
 */
final class LogWrites implements PhysicalMemory {
    private final PhysicalMemory memory;
    private final LongAdder entries = new LongAdder();

    // Set once, before there is anything to count.
    private volatile long start;
    private volatile long bytes;

    LogWrites(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** Counts what is written to this log from now on. */
    void watch(long log, long size) {
        start = log;
        bytes = size;
    }

    /** How many entries have been written. */
    long entries() {
        return entries.sum();
    }

    @Override
    public void storeRelease(long pa, long value) {
        memory.storeRelease(pa, value);
        if (value != 0 && pa >= start && pa < start + bytes) {
            entries.increment();
        }
    }

    @Override
    public long load(long pa) {
        return memory.load(pa);
    }

    @Override
    public long loadAcquire(long pa) {
        return memory.loadAcquire(pa);
    }

    @Override
    public void store(long pa, long value) {
        memory.store(pa, value);
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        return memory.compareAndSet(pa, expected, value);
    }

    @Override
    public void store32(long pa, int value) {
        memory.store32(pa, value);
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        memory.read(pa, target, offset, length);
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        memory.write(pa, source, offset, length);
    }

    @Override
    public void zero(long pa, long length) {
        memory.zero(pa, length);
    }

    @Override
    public boolean contains(long pa, long length) {
        return memory.contains(pa, length);
    }

    @Override
    public List<MemoryRange> ranges() {
        return memory.ranges();
    }
}
