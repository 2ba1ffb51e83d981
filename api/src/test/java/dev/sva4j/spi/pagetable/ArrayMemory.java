package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;

/**
 * One range of physical memory in an array. Beside the words themselves it keeps what an observer sees that does not
 * snoop: a 64-byte line changes there only when it is written back. A hook runs after each store, so a test can look at
 * every state in between.
 */
final class ArrayMemory implements PhysicalMemory {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int LINE = 64;

    private final long base;
    private final long[] words;
    private final long[] writtenBack;

    /** Runs after each change of a word or of the written-back view. */
    Runnable afterStore = () -> {};

    /** Runs before each compare-and-set: the moment in which hardware may come in between. */
    Runnable beforeCompareAndSet = () -> {};

    ArrayMemory(long base, long length) {
        this.base = base;
        this.words = new long[Math.toIntExact(length / Long.BYTES)];
        this.writtenBack = new long[words.length];
    }

    /** The same memory as hardware sees it that does not snoop. */
    PhysicalMemory writtenBackView() {
        ArrayMemory view = new ArrayMemory(base, 0, writtenBack);
        return view;
    }

    private ArrayMemory(long base, int unused, long[] shared) {
        this.base = base;
        this.words = shared;
        this.writtenBack = shared;
    }

    private int word(long pa) {
        long offset = pa - base;
        if ((pa & 7) != 0) {
            throw new IllegalArgumentException(String.format("0x%x is not aligned", pa));
        }
        if (offset < 0 || offset >= words.length * 8L) {
            throw new MemoryAbortException(pa, "no memory there");
        }
        return (int) (offset >>> 3);
    }

    @Override
    public long load(long pa) {
        return words[word(pa)];
    }

    @Override
    public long loadAcquire(long pa) {
        return (long) WORDS.getAcquire(words, word(pa));
    }

    @Override
    public void store(long pa, long value) {
        words[word(pa)] = value;
        afterStore.run();
    }

    @Override
    public void storeRelease(long pa, long value) {
        WORDS.setRelease(words, word(pa), value);
        afterStore.run();
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        beforeCompareAndSet.run();
        boolean done = WORDS.compareAndSet(words, word(pa), expected, value);
        afterStore.run();
        return done;
    }

    @Override
    public void zero(long pa, long length) {
        int from = word(pa);
        Arrays.fill(words, from, from + (int) (length / 8), 0);
    }

    @Override
    public boolean contains(long pa, long length) {
        return ranges().get(0).contains(pa, length);
    }

    @Override
    public List<MemoryRange> ranges() {
        return List.of(new MemoryRange(base, words.length * 8L));
    }

    @Override
    public void writeBack(long pa, long length) {
        for (long line = pa & -LINE; line < pa + length; line += LINE) {
            System.arraycopy(words, word(line), writtenBack, word(line), LINE / 8);
            afterStore.run();
        }
    }

    /** A copy of everything, to compare with later. */
    long[] snapshot() {
        return words.clone();
    }

    @Override
    public void store32(long pa, int value) {
        throw new AssertionError("page tables are written in words of 64 bits");
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        throw new AssertionError("page tables are read in words of 64 bits");
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        throw new AssertionError("page tables are written in words of 64 bits");
    }
}
