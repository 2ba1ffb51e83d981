package dev.sva4j.conformance;

import dev.sva4j.spi.PhysicalMemory;
import java.util.concurrent.atomic.LongAdder;

/**
 * Memory that counts the entries of one log: hardware publishes each by a store of its first word with release semantics. What
 * software stores there are zeros.
 */
final class LogWrites extends ForwardingMemory {
    private final LongAdder entries = new LongAdder();

    // Set once, before there is anything to count.
    private volatile long start;
    private volatile long bytes;

    LogWrites(PhysicalMemory memory) {
        super(memory);
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
        super.storeRelease(pa, value);
        if (value != 0 && pa >= start && pa < start + bytes) {
            entries.increment();
        }
    }
}
