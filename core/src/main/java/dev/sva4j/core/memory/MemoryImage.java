package dev.sva4j.core.memory;

import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The physical memory of another machine, read from a dump: an ELF64 core (as of QEMU's {@code dump-guest-memory} or
 * kdump), a raw image, or either gzipped.
 *
 * <p>Read-only: stores abort. So do reads of addresses that were not dumped, with the reason "not in dump": that is not
 * the same as zero, nor as an address without memory.
 *
 * <p>A plain file is mapped, not loaded, and must not be truncated while the image is in use; the mapping goes away
 * with the garbage. A gzipped one is unpacked into the heap, within the limits of {@link ImageOptions}.
 *
 * <p>Thread-safe. Nothing changes, so all access modes are the same.
 */
public final class MemoryImage implements PhysicalMemory {
    private static final String NOT_DUMPED = "not in dump";
    private static final String READ_ONLY = "a memory image is read-only";

    private static final int PAGE_SHIFT = 12;
    private static final int PAGE_SIZE = 1 << PAGE_SHIFT;

    /** Pages that are found without a search; a power of two. */
    private static final int CACHED_PAGES = 1024;

    private final Path path;
    private final ImageContents contents;
    private final String format;

    /** In ascending order, without overlaps. */
    private final Segment[] segments;

    private final List<MemoryRange> ranges;

    /**
     * Where recently used pages are, by the low bits of their number. Any thread reads and replaces elements without
     * ordering: an element is immutable, says itself which page it is for, and is right forever.
     */
    private final @Nullable Page[] pages = new Page[CACHED_PAGES];

    private MemoryImage(Path path, ImageFile file) {
        this.path = path;
        this.contents = file.contents();
        this.format = file.format();
        this.segments = file.segments().toArray(Segment[]::new);
        this.ranges = Ranges.merged(file.segments().stream()
                .map(segment -> new MemoryRange(segment.start(), segment.length()))
                .toList());
    }

    /**
     * Opens an image: an ELF core by its own headers, anything else as raw from address 0.
     *
     * @throws ImageException if the file is missing, damaged, incomplete, too large or of another format
     */
    public static MemoryImage open(Path path) {
        return open(path, ImageOptions.defaults());
    }

    /**
     * Opens an image.
     *
     * @throws ImageException if the file is missing, damaged, incomplete, too large or of another format
     */
    public static MemoryImage open(Path path, ImageOptions options) {
        return new MemoryImage(path, ImageFile.open(path, options));
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** The format in words, for people: "gzipped ELF core". */
    public String format() {
        return format;
    }

    @Override
    public long load(long pa) {
        if ((pa & 7) != 0) {
            throw new IllegalArgumentException(String.format("load from 0x%x: not a multiple of 8", pa));
        }
        long number = pa >>> PAGE_SHIFT;
        Page page = pages[(int) number & (CACHED_PAGES - 1)];
        if (page == null || page.number != number) {
            page = page(number);
            if (page == null) {
                return loadAcrossEdge(pa);
            }
        }
        return page.bytes.getLong(page.position + (int) (pa & (PAGE_SIZE - 1)));
    }

    @Override
    public long loadAcquire(long pa) {
        return load(pa);
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        while (length > 0) {
            Segment segment = segment(pa);
            if (segment == null) {
                throw new MemoryAbortException(pa, NOT_DUMPED);
            }
            int chunk = (int) Math.min(length, segment.length() - (pa - segment.start()));
            contents.get(segment.offsetOf(pa), target, offset, chunk);
            pa += chunk;
            offset += chunk;
            length -= chunk;
        }
    }

    @Override
    public void store(long pa, long value) {
        throw new MemoryAbortException(pa, READ_ONLY);
    }

    @Override
    public void storeRelease(long pa, long value) {
        throw new MemoryAbortException(pa, READ_ONLY);
    }

    @Override
    public void store32(long pa, int value) {
        throw new MemoryAbortException(pa, READ_ONLY);
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        throw new MemoryAbortException(pa, READ_ONLY);
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        throw new MemoryAbortException(pa, READ_ONLY);
    }

    @Override
    public void zero(long pa, long length) {
        throw new MemoryAbortException(pa, READ_ONLY);
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
    public String toString() {
        return format + " " + path + ": " + Ranges.describe(ranges);
    }

    /** Finds a page and remembers it; null if not all of it is in one segment. */
    private @Nullable Page page(long number) {
        long start = number << PAGE_SHIFT;
        Segment segment = segment(start);
        if (segment == null || segment.length() - (start - segment.start()) < PAGE_SIZE) {
            return null;
        }
        long offset = segment.offsetOf(start);
        Page page;
        if (contents.inOneWindow(offset, PAGE_SIZE)) {
            page = new Page(number, contents.windowOf(offset), contents.positionOf(offset));
        } else {
            byte[] copy = new byte[PAGE_SIZE];
            contents.get(offset, copy, 0, PAGE_SIZE);
            page = new Page(number, ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN), 0);
        }
        pages[(int) number & (CACHED_PAGES - 1)] = page;
        return page;
    }

    /** A word in a page that is not, or not wholly, in one segment. */
    private long loadAcrossEdge(long pa) {
        byte[] bytes = new byte[Long.BYTES];
        read(pa, bytes, 0, Long.BYTES);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** The segment that holds the byte at {@code pa}, or null. */
    private @Nullable Segment segment(long pa) {
        int low = 0;
        int high = segments.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Segment segment = segments[middle];
            if (segment.contains(pa)) {
                return segment;
            }
            if (Long.compareUnsigned(pa, segment.start()) < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return null;
    }

    /** Where a page is. Final fields make it safe to pass between threads without ordering. */
    private static final class Page {
        /** Physical address divided by the page size. */
        final long number;

        final ByteBuffer bytes;

        /** Of the page's first byte in {@link #bytes}. */
        final int position;

        Page(long number, ByteBuffer bytes, int position) {
            this.number = number;
            this.bytes = bytes;
            this.position = position;
        }
    }
}
