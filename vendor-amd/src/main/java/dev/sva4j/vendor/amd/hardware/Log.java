package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.vendor.amd.layout.Ring;

/**
 * A ring that hardware writes: the event log or the PPR log (AMD-Vi 2.5, 2.6, 3.3.13).
 *
 * <p>An entry that finds the log full is lost, sets the overflow flag and stops the log (Run = 0, as Linux and Xen rely
 * on). It runs again when software has cleared the flag and then changes its enable from 0 to 1.
 */
final class Log {
    /** What became of an entry. */
    enum Written {
        DONE,
        /** It found the log full. */
        OVERFLOW,
        /** The log does not run. */
        STOPPED,
        /** There is no memory where the log should be. */
        ABORTED
    }

    private final PhysicalMemory memory;
    private final Interrupts interrupts;
    private final BitField overflow;
    private final BitField entries;

    /** Guards the registers and the state. Nothing else is locked under it. */
    private final Object lock = new Object();

    // Written under the lock, read by anyone. The tail moves after the entry was written, so that software sees no tail
    // ahead of what it covers.
    private volatile long base = Ring.encode(0, Ring.MIN_LEN);
    private volatile long head;
    private volatile long tail;
    private volatile boolean running;

    /** Whether Control has it on. Guarded by the lock. */
    private boolean enabled;

    /**
     * A log that is off.
     *
     * @param overflow flag of Status: an entry was lost
     * @param entries flag of Status: there are entries
     */
    Log(PhysicalMemory memory, Interrupts interrupts, BitField overflow, BitField entries) {
        this.memory = memory;
        this.interrupts = interrupts;
        this.overflow = overflow;
        this.entries = entries;
    }

    void defineRegisters(
            RegisterFile registers, RegisterLayout baseLayout, RegisterLayout headLayout, RegisterLayout tailLayout) {
        registers.define(baseLayout, () -> base, value -> {
            synchronized (lock) {
                if (!running && Ring.hasLegalLength(value)) {
                    base = baseLayout.afterWrite(base, value);
                    head = 0;
                    tail = 0;
                }
            }
        });
        registers.define(headLayout, () -> head, value -> {
            synchronized (lock) {
                long pointer = headLayout.afterWrite(head, value);
                head = Ring.contains(pointer, base) ? pointer : head;
            }
        });
        registers.define(tailLayout, () -> tail, value -> {
            synchronized (lock) {
                long pointer = tailLayout.afterWrite(tail, value);
                tail = !running && Ring.contains(pointer, base) ? pointer : tail;
            }
        });
    }

    /** Control was written. */
    void enable(boolean on) {
        synchronized (lock) {
            if (!on) {
                running = false;
            } else if (!enabled) {
                running = !interrupts.isSet(overflow);
            }
            enabled = on;
        }
    }

    /** Whether entries are taken: the Run flag. */
    boolean isRunning() {
        return running;
    }

    /** Writes an entry. */
    Written write(long word0, long word1) {
        Written written;
        synchronized (lock) {
            written = store(word0, word1);
        }
        switch (written) {
            case DONE -> interrupts.raise(entries);
            case OVERFLOW -> interrupts.raise(overflow);
            case STOPPED, ABORTED -> {}
        }
        return written;
    }

    private Written store(long word0, long word1) {
        if (!running) {
            return Written.STOPPED;
        }
        if (Ring.isFull(head, tail, base)) {
            running = false;
            return Written.OVERFLOW;
        }
        long at = Ring.entryAddress(base, tail);
        try {
            memory.store(at + Long.BYTES, word1);
            memory.storeRelease(at, word0);
        } catch (MemoryAbortException e) {
            // The manual does not say what a log in no memory does; nobody is left to be told.
            return Written.ABORTED;
        }
        tail = Ring.next(tail, base);
        return Written.DONE;
    }
}
