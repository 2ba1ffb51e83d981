package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.FrameAllocator;
import java.util.HashMap;
import java.util.Map;

/** Counts frames, can run out, and never hands out an address twice until it has been given back. */
final class TestFrames implements FrameAllocator {
    private final ArrayMemory memory;
    private final long base;
    private final boolean[] used;
    private final Map<Long, Integer> blocks = new HashMap<>();

    /** How many more allocations succeed. */
    long remaining = Long.MAX_VALUE;

    TestFrames(ArrayMemory memory, long base, int frames) {
        this.memory = memory;
        this.base = base;
        this.used = new boolean[frames];
    }

    int blocksInUse() {
        return blocks.size();
    }

    boolean isAllocated(long pa) {
        return blocks.containsKey(pa);
    }

    @Override
    public long allocate(int log2Size) {
        if (remaining == 0) {
            return NO_FRAME;
        }
        int count = 1 << (log2Size - FRAME_SHIFT);
        for (int i = 0; i + count <= used.length; i++) {
            long pa = base + i * FRAME_SIZE;
            if ((pa & ((1L << log2Size) - 1)) == 0 && isFree(i, count)) {
                java.util.Arrays.fill(used, i, i + count, true);
                blocks.put(pa, log2Size);
                memory.zero(pa, 1L << log2Size);
                remaining--;
                return pa;
            }
        }
        return NO_FRAME;
    }

    private boolean isFree(int first, int count) {
        for (int i = first; i < first + count; i++) {
            if (used[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void free(long pa, int log2Size) {
        if (!Integer.valueOf(log2Size).equals(blocks.remove(pa))) {
            throw new IllegalStateException(String.format("0x%x is not allocated with 2^%d bytes", pa, log2Size));
        }
        int first = (int) ((pa - base) / FRAME_SIZE);
        java.util.Arrays.fill(used, first, first + (1 << (log2Size - FRAME_SHIFT)), false);
    }

    @Override
    public long allocatedBytes() {
        return blocks.values().stream().mapToLong(log2 -> 1L << log2).sum();
    }

    @Override
    public long capacityBytes() {
        return used.length * FRAME_SIZE;
    }
}
