package dev.sva4j.conformance;

import dev.sva4j.spi.FrameAllocator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The frames of a driver half: counts what it holds, and can run dry on command. */
final class CountedFrames implements FrameAllocator {
    private static final int NEVER = Integer.MAX_VALUE;

    private final FrameAllocator to;
    private final AtomicLong held = new AtomicLong();
    private final AtomicInteger untilDry = new AtomicInteger(NEVER);

    CountedFrames(FrameAllocator to) {
        this.to = to;
    }

    /** From the {@code count}-th allocation after this on there is no memory, until {@link #refill()}. */
    void runDryAfter(int count) {
        untilDry.set(count);
    }

    void refill() {
        untilDry.set(NEVER);
    }

    /** Bytes that the driver half has and has not returned. */
    long held() {
        return held.get();
    }

    @Override
    public long allocate(int log2Size) {
        if (untilDry.getAndUpdate(left -> left == NEVER || left == 0 ? left : left - 1) == 0) {
            return NO_FRAME;
        }
        long frame = to.allocate(log2Size);
        if (frame != NO_FRAME) {
            held.addAndGet(1L << log2Size);
        }
        return frame;
    }

    @Override
    public void free(long pa, int log2Size) {
        to.free(pa, log2Size);
        held.addAndGet(-(1L << log2Size));
    }

    @Override
    public long allocatedBytes() {
        return to.allocatedBytes();
    }

    @Override
    public long capacityBytes() {
        return to.capacityBytes();
    }
}
