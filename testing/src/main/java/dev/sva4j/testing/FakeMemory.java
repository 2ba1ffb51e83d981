package dev.sva4j.testing;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** Eight megabytes from 0x80000000, which tell a listener of every store and write-back. */
public final class FakeMemory implements PhysicalMemory {
    public static final long START = 0x8000_0000L;
    public static final int BYTES = 8 << 20;

    /** What is done to memory. */
    public interface Listener {
        default void stored(long pa, long value) {}

        default void writtenBack(long pa, long length) {}
    }

    private final AtomicLongArray words = new AtomicLongArray(BYTES / Long.BYTES);
    public volatile Listener listener = new Listener() {};

    /** What it says of itself. */
    public List<MemoryRange> ranges = List.of(new MemoryRange(START, BYTES));

    private static int index(long pa) {
        if (pa < START || pa + Long.BYTES > START + BYTES) {
            throw new MemoryAbortException(pa, "no memory there");
        }
        if (pa % Long.BYTES != 0) {
            throw new IllegalArgumentException(String.format("misaligned access to 0x%x", pa));
        }
        return (int) ((pa - START) / Long.BYTES);
    }

    @Override
    public long load(long pa) {
        return words.get(index(pa));
    }

    @Override
    public long loadAcquire(long pa) {
        return words.getAcquire(index(pa));
    }

    @Override
    public void store(long pa, long value) {
        storeRelease(pa, value);
    }

    @Override
    public void storeRelease(long pa, long value) {
        words.setRelease(index(pa), value);
        listener.stored(pa, value);
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        return words.compareAndSet(index(pa), expected, value);
    }

    @Override
    public void store32(long pa, int value) {
        int word = index(pa & -8);
        boolean upper = (pa & 4) != 0;
        words.updateAndGet(
                word,
                old -> upper ? (old & 0xffff_ffffL) | (long) value << 32 : (old >>> 32 << 32) | (value & 0xffff_ffffL));
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        throw new UnsupportedOperationException("the driver has no use for it");
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        throw new UnsupportedOperationException("the driver has no use for it");
    }

    @Override
    public void zero(long pa, long length) {
        for (long offset = 0; offset < length; offset += Long.BYTES) {
            words.set(index(pa + offset), 0);
            listener.stored(pa + offset, 0);
        }
    }

    @Override
    public boolean contains(long pa, long length) {
        return pa >= START && pa + length <= START + BYTES;
    }

    @Override
    public List<MemoryRange> ranges() {
        return ranges;
    }

    @Override
    public void writeBack(long pa, long length) {
        listener.writtenBack(pa, length);
    }

    /** Consecutive words. */
    public long[] words(long pa, int count) {
        long[] result = new long[count];
        Arrays.setAll(result, i -> load(pa + (long) i * Long.BYTES));
        return result;
    }

    public void storeWords(long pa, long... values) {
        for (int i = 0; i < values.length; i++) {
            storeRelease(pa + (long) i * Long.BYTES, values[i]);
        }
    }
}
