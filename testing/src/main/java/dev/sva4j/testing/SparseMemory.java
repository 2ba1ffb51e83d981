package dev.sva4j.testing;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;

/** Memory of any size, with holes that a test may dig, that tells a listener of every word it reads. */
public final class SparseMemory implements PhysicalMemory {
    private static final int PAGE = 4096;

    private final long start;
    private final long end;
    private final Map<Long, AtomicLongArray> pages = new ConcurrentHashMap<>();
    private final List<MemoryRange> holes = new ArrayList<>();
    private final Set<Long> readOnly = ConcurrentHashMap.newKeySet();

    /** Called with the address of every word before it is read. */
    public volatile LongConsumer onLoad = pa -> {};

    /** Called with the address of every word before it is compared and set. */
    public volatile LongConsumer onUpdate = pa -> {};

    /** Called with the address of every block before it is read or written. */
    public volatile LongConsumer onBlock = pa -> {};

    /** Memory from {@code start} to below {@code end}; pages exist once they are touched. */
    public SparseMemory(long start, long end) {
        this.start = start;
        this.end = end;
    }

    /** Takes memory away. Before anything runs. */
    public SparseMemory hole(long pa, long length) {
        holes.add(new MemoryRange(pa, length));
        return this;
    }

    /** Lets atomic updates of a word abort. */
    public void readOnly(long pa) {
        readOnly.add(pa);
    }

    /** Writes consecutive words. */
    public void put(long pa, long... values) {
        for (int i = 0; i < values.length; i++) {
            store(pa + 8L * i, values[i]);
        }
    }

    public byte[] bytes(long pa, int length) {
        byte[] result = new byte[length];
        read(pa, result, 0, length);
        return result;
    }

    private AtomicLongArray page(long pa, long length) {
        if (!contains(pa, length)) {
            throw new MemoryAbortException(pa, "no memory there");
        }
        return pages.computeIfAbsent(pa / PAGE, key -> new AtomicLongArray(PAGE / 8));
    }

    private static int index(long pa) {
        if (pa % 8 != 0) {
            throw new IllegalArgumentException("misaligned word at 0x" + Long.toHexString(pa));
        }
        return (int) (pa % PAGE / 8);
    }

    @Override
    public long load(long pa) {
        return loadAcquire(pa);
    }

    @Override
    public long loadAcquire(long pa) {
        onLoad.accept(pa);
        return page(pa, 8).get(index(pa));
    }

    @Override
    public void store(long pa, long value) {
        storeRelease(pa, value);
    }

    @Override
    public void storeRelease(long pa, long value) {
        page(pa, 8).set(index(pa), value);
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        onUpdate.accept(pa);
        if (readOnly.contains(pa)) {
            throw new MemoryAbortException(pa, "read-only");
        }
        return page(pa, 8).compareAndSet(index(pa), expected, value);
    }

    @Override
    public void store32(long pa, int value) {
        long word = pa - pa % 8;
        int shift = (int) (pa % 8) * 8;
        page(word, 8)
                .getAndUpdate(index(word), old -> (old & ~(0xffff_ffffL << shift)) | ((value & 0xffff_ffffL) << shift));
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        onBlock.accept(pa);
        for (int i = 0; i < length; i++) {
            long at = pa + i;
            target[offset + i] = (byte) (page(at, 1).get(index(at - at % 8)) >>> (at % 8 * 8));
        }
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        onBlock.accept(pa);
        for (int i = 0; i < length; i++) {
            long at = pa + i;
            int shift = (int) (at % 8) * 8;
            long bits = (source[offset + i] & 0xffL) << shift;
            page(at, 1).getAndUpdate(index(at - at % 8), old -> (old & ~(0xffL << shift)) | bits);
        }
    }

    @Override
    public void zero(long pa, long length) {
        for (long at = pa; at < pa + length; at += 8) {
            store(at, 0);
        }
    }

    @Override
    public boolean contains(long pa, long length) {
        return pa >= start
                && pa + length <= end
                && holes.stream().noneMatch(hole -> pa < hole.start() + hole.length() && hole.start() < pa + length);
    }

    @Override
    public List<MemoryRange> ranges() {
        return List.of(new MemoryRange(start, end - start));
    }
}
