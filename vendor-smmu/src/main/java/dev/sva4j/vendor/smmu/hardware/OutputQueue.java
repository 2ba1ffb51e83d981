package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.vendor.smmu.layout.QueuePointer;

/**
 * A queue that hardware writes and software reads, with its base and index registers (§3.5): the shape that the Event
 * and the PRI queue share. When to write, and what an overflow means, is theirs.
 *
 * <p>Not thread-safe but for reading registers: whoever owns it guards every other call with one lock. Software sees an
 * entry before it sees the index that covers it, because the index is volatile and written last.
 */
final class OutputQueue {
    /** How a write ended. */
    enum Written {
        /** The queue held something before. */
        MORE,
        /** The queue was empty: an edge for the interrupt. */
        FIRST,
        /** Memory refused; the index stays (§7.2). */
        ABORTED
    }

    private final PhysicalMemory memory;
    private final int log2EntryBytes;
    private final long largestLog2Size;

    // Registers: written under the owner's lock, read by anyone.
    private volatile long base;
    private volatile long prod;
    private volatile long cons;

    /**
     * A queue.
     *
     * @param log2EntryBytes log2 of the bytes of an entry
     * @param largestLog2Size log2 of the entries it may have: a field of IDR1
     */
    OutputQueue(PhysicalMemory memory, int log2EntryBytes, long largestLog2Size) {
        this.memory = memory;
        this.log2EntryBytes = log2EntryBytes;
        this.largestLog2Size = largestLog2Size;
    }

    long base() {
        return base;
    }

    long prod() {
        return prod;
    }

    long cons() {
        return cons;
    }

    void writeBase(RegisterLayout layout, long value) {
        base = layout.afterWrite(base, value);
    }

    void writeProd(RegisterLayout layout, long value) {
        prod = layout.afterWrite(prod, value);
    }

    void writeCons(RegisterLayout layout, long value) {
        cons = layout.afterWrite(cons, value);
    }

    boolean isFull() {
        return QueuePointer.isFull(prod, cons, log2Size());
    }

    boolean isOverflowActive() {
        return QueuePointer.isOverflowActive(prod, cons);
    }

    /** Says that something was lost, unless that is said already. */
    void raiseOverflow() {
        prod = QueuePointer.raiseOverflow(prod, cons);
    }

    /** Writes an entry; there must be room. */
    Written write(long[] entry) {
        int log2Size = log2Size();
        long start = QueuePointer.base(base, log2Size, log2EntryBytes);
        long address = QueuePointer.entryAddress(start, prod, log2Size, log2EntryBytes);
        boolean first = QueuePointer.isEmpty(prod, cons, log2Size);
        try {
            for (int word = 0; word < entry.length; word++) {
                memory.store(address + (long) word * Long.BYTES, entry[word]);
            }
        } catch (MemoryAbortException e) {
            return Written.ABORTED;
        }
        prod = QueuePointer.next(prod, log2Size);
        return first ? Written.FIRST : Written.MORE;
    }

    private int log2Size() {
        return QueuePointer.log2Size(base, largestLog2Size);
    }
}
