package dev.sva4j.vendor.vtd.inspect;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Memory of a test: 4 KiB pages that exist once something was put into them. Whoever stores through the SPI fails. */
final class PageMemory implements PhysicalMemory {
    private static final int PAGE_SHIFT = 12;
    private static final int WORDS = 512;

    private final TreeMap<Long, long[]> pages = new TreeMap<>(Long::compareUnsigned);

    /** Makes pages exist, filled with zeros. */
    PageMemory back(long pa, long bytes) {
        for (long page = pa >>> PAGE_SHIFT; page <= (pa + bytes - 1) >>> PAGE_SHIFT; page++) {
            pages.putIfAbsent(page, new long[WORDS]);
        }
        return this;
    }

    void drop(long pa) {
        pages.remove(pa >>> PAGE_SHIFT);
    }

    PageMemory put(long pa, long... words) {
        back(pa, (long) words.length * Long.BYTES);
        for (int i = 0; i < words.length; i++) {
            page(pa + (long) i * Long.BYTES)[index(pa + (long) i * Long.BYTES)] = words[i];
        }
        return this;
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
                ranges.set(
                        last,
                        new MemoryRange(
                                ranges.get(last).start(), ranges.get(last).length() + (1L << PAGE_SHIFT)));
            } else {
                ranges.add(new MemoryRange(start, 1L << PAGE_SHIFT));
            }
        }
        return ranges;
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        throw new AssertionError("an inspection reads words");
    }

    @Override
    public void store(long pa, long value) {
        throw stored();
    }

    @Override
    public void storeRelease(long pa, long value) {
        throw stored();
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        throw stored();
    }

    @Override
    public void store32(long pa, int value) {
        throw stored();
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        throw stored();
    }

    @Override
    public void zero(long pa, long length) {
        throw stored();
    }

    private static AssertionError stored() {
        return new AssertionError("an inspection stores nothing");
    }
}
