package dev.sva4j.core.mm;

import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Data frames and how often each is mapped. A frame goes back to the allocator when its last mapping has gone
 * <em>and</em> no cache can translate to it any more, which callers make sure of before {@link #release}.
 *
 * <p>A 2 MiB block is counted page by page, so that a part of it can be unmapped or copied; it goes back as a whole
 * with its last page.
 *
 * <p>Thread-safe, lock-free.
 */
public final class FrameTable {
    static final int BLOCK_SHIFT = 21;
    private static final int PAGE_SHIFT = FrameAllocator.FRAME_SHIFT;
    private static final int PAGES_PER_BLOCK = 1 << (BLOCK_SHIFT - PAGE_SHIFT);

    private final FrameAllocator frames;
    private final long base;

    // Per page: number of mappings. Raised for a page that is mapped already only by someone who holds one of its
    // mappings (under that address space's lock), so it never rises from zero behind a release.
    private final AtomicIntegerArray mappings;

    // Per 2 MiB: pages of it that are still mapped, if it was allocated as a block, else 0.
    private final AtomicIntegerArray livePages;

    /** Counts the frames of {@code memory}, which {@code frames} hands out. */
    public FrameTable(PhysicalMemory memory, FrameAllocator frames) {
        List<MemoryRange> ranges = memory.ranges();
        this.frames = frames;
        this.base = ranges.get(0).start() >>> BLOCK_SHIFT << BLOCK_SHIFT;
        long bytes = ranges.get(ranges.size() - 1).last() - base + 1;
        this.mappings = new AtomicIntegerArray(Math.toIntExact((bytes + (1L << PAGE_SHIFT) - 1) >>> PAGE_SHIFT));
        this.livePages = new AtomicIntegerArray(Math.toIntExact((bytes + (1L << BLOCK_SHIFT) - 1) >>> BLOCK_SHIFT));
    }

    /** A zeroed page, mapped once, or {@link FrameAllocator#NO_FRAME}. */
    long allocatePage() {
        long pa = frames.allocate(PAGE_SHIFT);
        if (pa != FrameAllocator.NO_FRAME) {
            mappings.set(page(pa), 1);
        }
        return pa;
    }

    /** A zeroed block of 2 MiB, each page mapped once, or {@link FrameAllocator#NO_FRAME}. */
    long allocateBlock() {
        long pa = frames.allocate(BLOCK_SHIFT);
        if (pa != FrameAllocator.NO_FRAME) {
            livePages.set(block(pa), PAGES_PER_BLOCK);
            for (int i = 0; i < PAGES_PER_BLOCK; i++) {
                mappings.set(page(pa) + i, 1);
            }
        }
        return pa;
    }

    /** One more mapping of each page. */
    void share(long pa, long bytes) {
        for (int i = page(pa); i < page(pa + bytes - 1) + 1; i++) {
            mappings.getAndIncrement(i);
        }
    }

    /** Whether each page is mapped once. */
    boolean isExclusive(long pa, long bytes) {
        for (int i = page(pa); i < page(pa + bytes - 1) + 1; i++) {
            if (mappings.get(i) != 1) {
                return false;
            }
        }
        return true;
    }

    /** One mapping less of each page; frees what is mapped no more. */
    void release(long pa, long bytes) {
        for (long each = pa; each < pa + bytes; each += 1L << PAGE_SHIFT) {
            int left = mappings.decrementAndGet(page(each));
            if (left < 0) {
                throw new IllegalStateException(String.format("frame 0x%x was released more often than mapped", each));
            }
            if (left == 0) {
                free(each);
            }
        }
    }

    private void free(long pa) {
        int block = block(pa);
        if (livePages.get(block) == 0) {
            frames.free(pa, PAGE_SHIFT);
        } else if (livePages.decrementAndGet(block) == 0) {
            frames.free(pa >>> BLOCK_SHIFT << BLOCK_SHIFT, BLOCK_SHIFT);
        }
    }

    private int page(long pa) {
        return (int) ((pa - base) >>> PAGE_SHIFT);
    }

    private int block(long pa) {
        return (int) ((pa - base) >>> BLOCK_SHIFT);
    }
}
