package dev.sva4j.core.memory;

import dev.sva4j.core.schedule.AuditedLock;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Buddy allocator over ranges of physical memory. It always hands out the lowest free block of the wanted size, so
 * equal sequences of calls give equal addresses, whatever happened before that has been returned.
 *
 * <p>Thread-safe: one short critical section per call. Memory is zeroed outside of it, when the block is already the
 * caller's. Time is logarithmic in the size of a GiB plus one step per GiB.
 */
public final class BuddyFrameAllocator implements FrameAllocator {
    /** Largest block, log2 of bytes (1 GiB). */
    public static final int MAX_SHIFT = 30;

    private static final long OFFSET = FRAME_SIZE - 1;

    private final PhysicalMemory memory;

    /** Ascending, disjoint. The list is immutable, what the arenas hold is guarded by {@link #lock}. */
    private final List<Arena> arenas;

    /** Bytes in all arenas. */
    private final long capacity;

    private final AuditedLock lock = new AuditedLock("frame allocator");

    /** Bytes handed out. Guarded by {@link #lock}. */
    private long allocated;

    /** An allocator over everything that {@code memory} backs. */
    public BuddyFrameAllocator(PhysicalMemory memory) {
        this(memory, memory.ranges());
    }

    /**
     * An allocator over the whole frames within {@code ranges}; parts of frames at their ends are left out.
     *
     * @throws IllegalArgumentException if the ranges overlap, are not backed by {@code memory}, or hold no whole frame
     */
    public BuddyFrameAllocator(PhysicalMemory memory, List<MemoryRange> ranges) {
        this.memory = memory;
        List<Arena> arenas = new ArrayList<>();
        long capacity = 0;
        for (MemoryRange range : Ranges.merged(ranges)) {
            if (!memory.contains(range.start(), range.length())) {
                throw new IllegalArgumentException(
                        String.format("range 0x%x + 0x%x is not backed by memory", range.start(), range.length()));
            }
            // Frame numbers, so that nothing wraps at the end of the address space.
            long frame = (range.start() >>> FRAME_SHIFT) + ((range.start() & OFFSET) == 0 ? 0 : 1);
            long end = (range.last() >>> FRAME_SHIFT) + ((range.last() & OFFSET) == OFFSET ? 1 : 0);
            while (frame < end) {
                long stop = Math.min(end, (frame | (Arena.MAX_FRAMES - 1)) + 1);
                arenas.add(new Arena(frame, stop));
                capacity += (stop - frame) << FRAME_SHIFT;
                frame = stop;
            }
        }
        if (capacity == 0) {
            throw new IllegalArgumentException("no whole frame in " + Ranges.describe(ranges));
        }
        this.arenas = List.copyOf(arenas);
        this.capacity = capacity;
    }

    @Override
    public long allocate(int log2Size) {
        long pa = take(order(log2Size));
        if (pa != NO_FRAME) {
            memory.zero(pa, 1L << log2Size);
        }
        return pa;
    }

    @Override
    public void free(long pa, int log2Size) {
        int order = order(log2Size);
        long frame = pa >>> FRAME_SHIFT;
        lock.lock();
        try {
            Arena arena = (pa & ((1L << log2Size) - 1)) == 0 ? arena(frame) : null;
            if (arena == null || !arena.free(frame, order)) {
                throw new IllegalStateException(String.format(
                        "0x%x is not allocated as a block of 0x%x bytes: freed twice, or never allocated",
                        pa, 1L << log2Size));
            }
            allocated -= 1L << log2Size;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long allocatedBytes() {
        lock.lock();
        try {
            return allocated;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long capacityBytes() {
        return capacity;
    }

    @Override
    public String toString() {
        return String.format("frame allocator: 0x%x of 0x%x bytes allocated", allocatedBytes(), capacity);
    }

    private long take(int order) {
        lock.lock();
        try {
            for (Arena arena : arenas) {
                long frame = arena.allocate(order);
                if (frame >= 0) {
                    allocated += FRAME_SIZE << order;
                    return frame << FRAME_SHIFT;
                }
            }
            return NO_FRAME;
        } finally {
            lock.unlock();
        }
    }

    /** The arena that holds a frame, or null. */
    private @Nullable Arena arena(long frame) {
        int low = 0;
        int high = arenas.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Arena arena = arenas.get(middle);
            if (frame < arena.base) {
                high = middle - 1;
            } else if (frame >= arena.base + arena.frames) {
                low = middle + 1;
            } else {
                return arena;
            }
        }
        return null;
    }

    private static int order(int log2Size) {
        if (log2Size < FRAME_SHIFT || log2Size > MAX_SHIFT) {
            throw new IllegalArgumentException(
                    "block size 2^" + log2Size + " is not within 2^" + FRAME_SHIFT + " to 2^" + MAX_SHIFT);
        }
        return log2Size - FRAME_SHIFT;
    }
}
