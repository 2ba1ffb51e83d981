package dev.sva4j.testing;

import dev.sva4j.spi.FrameAllocator;
import java.util.Map;
import java.util.TreeMap;

/** Hands out ever higher blocks, never one twice, and can refuse the n-th request. */
public final class FakeFrames implements FrameAllocator {
    private final FakeMemory memory;
    private final Map<Long, Integer> allocated = new TreeMap<>();
    private long next = FakeMemory.START + (1 << 20);

    /** How many more requests are granted. */
    public int budget = Integer.MAX_VALUE;

    /** How many were granted. */
    public int granted;

    public FakeFrames(FakeMemory memory) {
        this.memory = memory;
    }

    @Override
    public synchronized long allocate(int log2Size) {
        if (granted >= budget) {
            return NO_FRAME;
        }
        granted++;
        long size = 1L << log2Size;
        long pa = (next + size - 1) & -size;
        next = pa + size;
        memory.zero(pa, size);
        allocated.put(pa, log2Size);
        return pa;
    }

    @Override
    public synchronized void free(long pa, int log2Size) {
        Integer size = allocated.remove(pa);
        if (size == null || size != log2Size) {
            throw new IllegalStateException(String.format("0x%x is not allocated with 2^%d bytes", pa, log2Size));
        }
    }

    @Override
    public synchronized long allocatedBytes() {
        return allocated.values().stream().mapToLong(log2 -> 1L << log2).sum();
    }

    @Override
    public long capacityBytes() {
        return FakeMemory.BYTES;
    }
}
