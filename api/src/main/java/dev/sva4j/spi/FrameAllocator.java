package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * Hands out page frames of {@link PhysicalMemory}. Blocks are powers of two, naturally aligned. It can run out, and
 * says so with a value, not an exception: callers are expected to undo and to refuse.
 *
 * <p>Thread-safe; never blocks.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface FrameAllocator {
    /** Smallest block, log2 of bytes (4 KiB). */
    int FRAME_SHIFT = 12;

    /** Smallest block in bytes. */
    long FRAME_SIZE = 1L << FRAME_SHIFT;

    /** "No memory": what {@link #allocate} returns when no block of that size is left. */
    long NO_FRAME = -1;

    /**
     * Allocates a zeroed block.
     *
     * @param log2Size log2 of its bytes, {@value #FRAME_SHIFT} to 30; also its alignment
     * @return physical address, or {@link #NO_FRAME}
     */
    long allocate(int log2Size);

    /**
     * Returns a block. The caller has made sure that no table and no cache refers to it any more.
     *
     * @throws IllegalStateException if the block is not allocated with this size (freed twice, or never)
     */
    void free(long pa, int log2Size);

    /** Bytes that are allocated now. */
    long allocatedBytes();

    /** Bytes that could be allocated in all. */
    long capacityBytes();
}
