package dev.sva4j.testing;

import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Memory of a test: 4 KiB pages that exist once something was put into them. For one thread. */
public final class PageMemory implements PhysicalMemory {
    private static final int PAGE_SHIFT = 12;
    private static final int WORDS = 512;

    private final TreeMap<Long, long[]> pages = new TreeMap<>(Long::compareUnsigned);

    /** Makes pages exist, filled with zeros. */
    public PageMemory back(long pa, long bytes) {
        for (long page = pa >>> PAGE_SHIFT; page <= (pa + bytes - 1) >>> PAGE_SHIFT; page++) {
            pages.putIfAbsent(page, new long[WORDS]);
        }
        return this;
    }

    /** Makes the page of an address vanish. */
    public void drop(long pa) {
        pages.remove(pa >>> PAGE_SHIFT);
    }

    /** Puts words, and the pages that they need. */
    public PageMemory put(long pa, long... words) {
        back(pa, (long) words.length * Long.BYTES);
        for (int i = 0; i < words.length; i++) {
            store(pa + (long) i * Long.BYTES, words[i]);
        }
        return this;
    }

    /** An allocator that has these frames of 4 KiB and hands them out in this order. */
    public FrameAllocator frames(long... frames) {
        return new FrameAllocator() {
            private int taken;

            @Override
            public long allocate(int log2Size) {
                back(frames[taken], 1L << log2Size);
                return frames[taken++];
            }

            @Override
            public void free(long pa, int log2Size) {
                throw new AssertionError("nothing is given back");
            }

            @Override
            public long allocatedBytes() {
                return (long) taken << PAGE_SHIFT;
            }

            @Override
            public long capacityBytes() {
                return (long) frames.length << PAGE_SHIFT;
            }
        };
    }

    private static int index(long pa) {
        return (int) (pa >>> 3) & (WORDS - 1);
    }

    private long[] page(long pa) {
        long[] page = pages.get(pa >>> PAGE_SHIFT);
        if (page == null) {
            throw new MemoryAbortException(pa, "no memory there");
        }
        return page;
    }

    @Override
    public long load(long pa) {
        return page(pa)[index(pa)];
    }

    @Override
    public long loadAcquire(long pa) {
        return load(pa);
    }

    @Override
    public boolean contains(long pa, long length) {
        for (long page = pa >>> PAGE_SHIFT; length > 0 && page <= (pa + length - 1) >>> PAGE_SHIFT; page++) {
            if (!pages.containsKey(page)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<MemoryRange> ranges() {
        List<MemoryRange> ranges = new ArrayList<>();
        for (long page : pages.keySet()) {
            long start = page << PAGE_SHIFT;
            int last = ranges.size() - 1;
            if (last >= 0 && ranges.get(last).last() + 1 == start) {
                MemoryRange before = ranges.get(last);
                ranges.set(last, new MemoryRange(before.start(), before.length() + (1L << PAGE_SHIFT)));
            } else {
                ranges.add(new MemoryRange(start, 1L << PAGE_SHIFT));
            }
        }
        return ranges;
    }

    @Override
    public void store(long pa, long value) {
        page(pa)[index(pa)] = value;
    }

    @Override
    public void storeRelease(long pa, long value) {
        store(pa, value);
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        if (load(pa) != expected) {
            return false;
        }
        store(pa, value);
        return true;
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        throw new AssertionError("tables are words");
    }

    @Override
    public void store32(long pa, int value) {
        throw new AssertionError("tables are words");
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        throw new AssertionError("tables are words");
    }

    @Override
    public void zero(long pa, long length) {
        throw new AssertionError("tables are words");
    }
}
