package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.FrameAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Frames for tables, reserved before the first entry is written, so that an operation that runs out of them has changed
 * nothing.
 */
final class FramePool {
    private long[] frames = new long[4];
    private int size;

    private FramePool() {}

    /** Reserves {@code count} zeroed frames, or none and returns null. */
    static @Nullable FramePool reserve(FrameAllocator allocator, int log2Size, long count) {
        FramePool pool = new FramePool();
        for (long i = 0; i < count; i++) {
            long frame = allocator.allocate(log2Size);
            if (frame == FrameAllocator.NO_FRAME) {
                pool.release(allocator, log2Size);
                return null;
            }
            pool.add(frame);
        }
        return pool;
    }

    /** A frame; there is one for each that was reserved. */
    long take() {
        size--;
        return frames[size];
    }

    private void add(long frame) {
        if (size == frames.length) {
            // Grows as frames are granted: a count that no allocator can serve must not cost memory in advance.
            frames = Arrays.copyOf(frames, 2 * size);
        }
        frames[size] = frame;
        size++;
    }

    /** Nothing has ever pointed to these frames: they can go back at once. */
    private void release(FrameAllocator allocator, int log2Size) {
        while (size > 0) {
            allocator.free(take(), log2Size);
        }
    }
}
