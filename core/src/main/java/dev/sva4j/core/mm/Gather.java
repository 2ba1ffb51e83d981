package dev.sva4j.core.mm;

import dev.sva4j.spi.FrameAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one change has taken out of an address space: the range to invalidate, and the frames and tables that may be
 * reused after that and not before. Counterpart of the kernel's {@code mmu_gather}.
 *
 * <p>Confined to the thread that makes the change. It is filled under the lock of the address space and carried out
 * without it.
 */
final class Gather {
    // Pairs: address, bytes of data frames; address, log2 size of tables.
    private long[] frames = new long[16];
    private int frameWords;
    private long[] tables = new long[4];
    private int tableWords;
    private boolean changed;
    private long start = -1;
    private long last;

    void changed(long from, long to) {
        start = changed ? Math.min(start, from) : from;
        last = changed ? Math.max(last, to) : to;
        changed = true;
    }

    /** What is to be invalidated, or null. */
    Narrowings.@Nullable Range range() {
        return changed ? new Narrowings.Range(start, last) : null;
    }

    void frames(long pa, long bytes) {
        if (frameWords == frames.length) {
            frames = Arrays.copyOf(frames, frameWords * 2);
        }
        frames[frameWords++] = pa;
        frames[frameWords++] = bytes;
    }

    void table(long pa, int log2Size) {
        if (tableWords == tables.length) {
            tables = Arrays.copyOf(tables, tableWords * 2);
        }
        tables[tableWords++] = pa;
        tables[tableWords++] = log2Size;
    }

    /** Invalidates, then frees. Call without any lock. */
    void finish(MmuNotifier notifier, FrameTable data, FrameAllocator allocator) {
        if (changed) {
            notifier.invalidate(start, last, tableWords > 0);
        }
        free(data, allocator);
    }

    /** Frees. Only when no device can use any of it. */
    void free(FrameTable data, FrameAllocator allocator) {
        for (int i = 0; i < frameWords; i += 2) {
            data.release(frames[i], frames[i + 1]);
        }
        for (int i = 0; i < tableWords; i += 2) {
            allocator.free(tables[i], (int) tables[i + 1]);
        }
        frameWords = 0;
        tableWords = 0;
        changed = false;
    }
}
