package dev.sva4j.core.memory;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Physical memory in a file that is mapped into this process: guest RAM shared with an emulator, or a dump. What the
 * other side of the mapping stores is seen here and the other way round, with no further step.
 *
 * <p>The file is cut into windows of at most {@value #MAX_WINDOW_LENGTH} bytes, because a buffer has no more. The first
 * window is kept in fields of its own: looking it up is then one subtraction and one comparison.
 *
 * <p>Thread-safe, and safe against stores of the other process: bytes of a block that do not fill an aligned word are
 * merged into it by compare-and-set, whole words of a block are stored as words. No access allocates. Atomic access
 * goes through direct buffers only: views of byte arrays and of heap buffers lost it in newer JDKs.
 *
 * <p>The mapping outlives the file's name, so the file may be deleted once it is mapped; the memory goes back when this
 * object is no longer reachable.
 *
 * <p>Word accesses to a misaligned address end in an {@link IllegalArgumentException}: no bus master can issue them.
 */
public final class MappedMemory implements PhysicalMemory {
    /** Longest window in bytes (1 GiB); longer ranges take several. */
    public static final int MAX_WINDOW_LENGTH = 1 << 30;

    private static final VarHandle WORDS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Plain access only. */
    private static final VarHandle BYTES = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final String HOLE = "no memory there";
    private static final byte[] ZEROES = new byte[4096];

    /** The file. */
    private final Path file;

    /** In ascending order; immutable. */
    private final Window[] windows;

    /** What {@link #ranges()} answers; immutable. */
    private final List<MemoryRange> ranges;

    /** {@code windows[0].base}. */
    private final long base0;

    /** Words in {@code windows[0]}. */
    private final long words0;

    /** {@code windows[0].bytes}: the reference never changes; the contents are what any thread or process may access. */
    private final MappedByteBuffer bytes0;

    private MappedMemory(Path file, List<MemoryRange> ranges, List<Window> windows) {
        this.file = file;
        this.ranges = ranges;
        this.windows = windows.toArray(Window[]::new);
        this.base0 = this.windows[0].base;
        this.words0 = (long) this.windows[0].length >>> 3;
        this.bytes0 = this.windows[0].bytes;
    }

    /**
     * Maps a file for reading and writing.
     *
     * @param file holds the bytes of the ranges, one range after the other in ascending order
     * @param ranges where they are in physical memory; those between are holes. They may adjoin, but not overlap
     * @throws IllegalArgumentException if there is none, if two overlap, or if a start or length is not a multiple of 8
     * @throws EOFException if the file is shorter than the ranges
     */
    public static MappedMemory map(Path file, List<MemoryRange> ranges) throws IOException {
        if (ranges.isEmpty()) {
            throw new IllegalArgumentException("memory needs at least one range");
        }
        for (MemoryRange range : ranges) {
            if (((range.start() | range.length()) & 7) != 0) {
                throw new IllegalArgumentException(String.format(
                        "memory range 0x%x + 0x%x: start and length must be multiples of 8",
                        range.start(), range.length()));
            }
        }
        List<MemoryRange> merged = Ranges.merged(ranges);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new MappedMemory(file, merged, windows(file, channel, merged));
        }
    }

    private static List<Window> windows(Path file, FileChannel channel, List<MemoryRange> ranges) throws IOException {
        List<Window> windows = new ArrayList<>();
        // Mapping beyond the end would make the file longer instead of failing.
        long size = channel.size();
        long position = 0;
        for (MemoryRange range : ranges) {
            if (range.length() > size - position) {
                throw new EOFException(String.format(
                        "%s has 0x%x bytes: too short for memory %s", file, size, Ranges.describe(ranges)));
            }
            long done = 0;
            while (done < range.length()) {
                int length = (int) Math.min(MAX_WINDOW_LENGTH, range.length() - done);
                windows.add(new Window(
                        range.start() + done,
                        length,
                        channel.map(FileChannel.MapMode.READ_WRITE, position + done, length)));
                done += length;
            }
            position += range.length();
        }
        return windows;
    }

    @Override
    public long load(long pa) {
        // A misaligned address turns into an index far beyond the end, so one comparison refuses both.
        long index = Long.rotateRight(pa - base0, 3);
        if (Long.compareUnsigned(index, words0) < 0) {
            return (long) WORDS.get(bytes0, (int) index << 3);
        }
        Window window = windowOfWord(pa);
        return (long) WORDS.get(window.bytes, window.index(pa));
    }

    @Override
    public long loadAcquire(long pa) {
        long index = Long.rotateRight(pa - base0, 3);
        if (Long.compareUnsigned(index, words0) < 0) {
            return (long) WORDS.getAcquire(bytes0, (int) index << 3);
        }
        Window window = windowOfWord(pa);
        return (long) WORDS.getAcquire(window.bytes, window.index(pa));
    }

    @Override
    public void store(long pa, long value) {
        long index = Long.rotateRight(pa - base0, 3);
        if (Long.compareUnsigned(index, words0) < 0) {
            WORDS.set(bytes0, (int) index << 3, value);
            return;
        }
        Window window = windowOfWord(pa);
        WORDS.set(window.bytes, window.index(pa), value);
    }

    @Override
    public void storeRelease(long pa, long value) {
        long index = Long.rotateRight(pa - base0, 3);
        if (Long.compareUnsigned(index, words0) < 0) {
            WORDS.setRelease(bytes0, (int) index << 3, value);
            return;
        }
        Window window = windowOfWord(pa);
        WORDS.setRelease(window.bytes, window.index(pa), value);
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        long index = Long.rotateRight(pa - base0, 3);
        if (Long.compareUnsigned(index, words0) < 0) {
            return WORDS.compareAndSet(bytes0, (int) index << 3, expected, value);
        }
        Window window = windowOfWord(pa);
        return WORDS.compareAndSet(window.bytes, window.index(pa), expected, value);
    }

    @Override
    public void store32(long pa, int value) {
        if ((pa & 3) != 0) {
            throw misaligned(pa, 4);
        }
        Window window = windowOfWord(pa & ~7L);
        int shift = (int) (pa & 4) << 3;
        merge(window.bytes, window.index(pa & ~7L), (value & 0xffff_ffffL) << shift, 0xffff_ffffL << shift);
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        while (length > 0) {
            Window window = window(pa);
            int skip = (int) pa & 7;
            int chunk;
            if (skip != 0 || length < Long.BYTES) {
                chunk = Math.min(Long.BYTES - skip, length);
                long word = (long) WORDS.get(window.bytes, window.index(pa & ~7L)) >>> (skip << 3);
                for (int i = 0; i < chunk; i++) {
                    target[offset + i] = (byte) (word >>> (i << 3));
                }
            } else {
                chunk = window.bytesFrom(pa, length & ~7);
                copyOut(window.bytes, window.index(pa), target, offset, chunk);
            }
            pa += chunk;
            offset += chunk;
            length -= chunk;
        }
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        while (length > 0) {
            Window window = window(pa);
            int skip = (int) pa & 7;
            int chunk;
            if (skip != 0 || length < Long.BYTES) {
                chunk = Math.min(Long.BYTES - skip, length);
                long bits = 0;
                for (int i = 0; i < chunk; i++) {
                    bits |= (source[offset + i] & 0xffL) << (i << 3);
                }
                long mask = (-1L >>> (64 - (chunk << 3))) << (skip << 3);
                merge(window.bytes, window.index(pa & ~7L), bits << (skip << 3), mask);
            } else {
                chunk = window.bytesFrom(pa, length & ~7);
                copyIn(window.bytes, window.index(pa), source, offset, chunk);
            }
            pa += chunk;
            offset += chunk;
            length -= chunk;
        }
    }

    /** Whole words; the block copy of the JVM pays for its set-up only from some length on. */
    private static void copyOut(MappedByteBuffer bytes, int index, byte[] target, int offset, int length) {
        if (length >= WordCopy.BULK) {
            bytes.get(index, target, offset, length);
            return;
        }
        for (int done = 0; done < length; done += Long.BYTES) {
            BYTES.set(target, offset + done, (long) WORDS.get(bytes, index + done));
        }
    }

    private static void copyIn(MappedByteBuffer bytes, int index, byte[] source, int offset, int length) {
        if (length >= WordCopy.BULK) {
            bytes.put(index, source, offset, length);
            return;
        }
        for (int done = 0; done < length; done += Long.BYTES) {
            WORDS.set(bytes, index + done, (long) BYTES.get(source, offset + done));
        }
    }

    @Override
    public void zero(long pa, long length) {
        if (((pa | length) & 7) != 0 || length < 0) {
            throw new IllegalArgumentException(
                    String.format("zero(0x%x, 0x%x): address and length must be multiples of 8", pa, length));
        }
        while (length > 0) {
            Window window = windowOfWord(pa);
            int chunk = window.bytesFrom(pa, (int) Math.min(length, ZEROES.length));
            copyIn(window.bytes, window.index(pa), ZEROES, 0, chunk);
            pa += chunk;
            length -= chunk;
        }
    }

    @Override
    public boolean contains(long pa, long length) {
        return Ranges.contains(ranges, pa, length);
    }

    @Override
    public List<MemoryRange> ranges() {
        return ranges;
    }

    @Override
    public Optional<Path> file() {
        return Optional.of(file);
    }

    @Override
    public String toString() {
        return "mapped memory " + Ranges.describe(ranges);
    }

    /** Replaces the bits of {@code mask} in a word and orders like a release; stores to its other bits survive. */
    private static void merge(MappedByteBuffer bytes, int index, long bits, long mask) {
        long old;
        do {
            old = (long) WORDS.get(bytes, index);
        } while (!WORDS.weakCompareAndSetRelease(bytes, index, old, (old & ~mask) | bits));
    }

    /** The window of a word access to {@code pa}. */
    private Window windowOfWord(long pa) {
        if ((pa & 7) != 0) {
            throw misaligned(pa, 8);
        }
        return window(pa);
    }

    private Window window(long pa) {
        int low = 0;
        int high = windows.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (Long.compareUnsigned(windows[middle].base, pa) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Window window = windows[low];
        if (Long.compareUnsigned(pa - window.base, window.length) >= 0) {
            throw new MemoryAbortException(pa, HOLE);
        }
        return window;
    }

    private static IllegalArgumentException misaligned(long pa, int bytes) {
        return new IllegalArgumentException(
                String.format("access to 0x%x: the address must be a multiple of %d", pa, bytes));
    }

    /** A window: its first physical address and its bytes, both multiples of 8. */
    private static final class Window {
        final long base;
        final int length;
        final MappedByteBuffer bytes;

        Window(long base, int length, MappedByteBuffer bytes) {
            this.base = base;
            this.length = length;
            this.bytes = bytes;
        }

        /** Index of the byte at {@code pa}, which lies in this window. */
        int index(long pa) {
            return (int) (pa - base);
        }

        /** How many of {@code count} bytes from {@code pa}, which lies in this window, it holds. */
        int bytesFrom(long pa, int count) {
            return (int) Math.min(count, length - (pa - base));
        }
    }
}
