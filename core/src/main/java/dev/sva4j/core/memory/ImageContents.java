package dev.sva4j.core.memory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of an image file, unpacked, at 64-bit offsets: windows of equal length, which are mapped or in the heap.
 *
 * <p>Immutable, so thread-safe: the buffers are little-endian, and only their absolute methods are used.
 */
final class ImageContents {
    /** Windows of a mapped file (1 GiB); a multiple of every page size. */
    static final int MAPPED_SHIFT = 30;

    /** Windows of an unpacked file (64 KiB): small, so that zero ones are common in sparse memory. */
    static final int UNPACKED_SHIFT = 16;

    private final ByteBuffer[] windows;

    /** log2 of the length of a window. */
    private final int shift;

    private final long length;

    private ImageContents(List<ByteBuffer> windows, int shift, long length) {
        this.windows = windows.toArray(ByteBuffer[]::new);
        this.shift = shift;
        this.length = length;
    }

    /** Maps a file. The file must not be truncated while the contents are in use. */
    static ImageContents map(FileChannel file) throws IOException {
        long length = file.size();
        List<ByteBuffer> windows = new ArrayList<>();
        for (long offset = 0; offset < length; offset += 1L << MAPPED_SHIFT) {
            long bytes = Math.min(1L << MAPPED_SHIFT, length - offset);
            windows.add(file.map(FileChannel.MapMode.READ_ONLY, offset, bytes).order(ByteOrder.LITTLE_ENDIAN));
        }
        return new ImageContents(windows, MAPPED_SHIFT, length);
    }

    /**
     * Reads a stream to its end into the heap; windows of zeros share one.
     *
     * @throws LimitException if there is more than the options allow
     */
    static ImageContents read(InputStream in, ImageOptions options) throws IOException {
        int size = 1 << UNPACKED_SHIFT;
        byte[] zeros = new byte[size];
        ByteBuffer zeroWindow = window(zeros);
        List<ByteBuffer> windows = new ArrayList<>();
        byte[] bytes = new byte[size];
        long length = 0;
        long heap = 0;
        while (true) {
            int count = in.readNBytes(bytes, 0, size);
            length += count;
            if (length > options.maxUnpackedBytes()) {
                throw new LimitException("more than " + options.maxUnpackedBytes() + " bytes of contents");
            }
            if (Arrays.equals(bytes, 0, count, zeros, 0, count)) {
                windows.add(zeroWindow);
            } else {
                heap += size;
                if (heap > options.maxHeapBytes()) {
                    throw new LimitException(
                            "contents that take more than " + options.maxHeapBytes() + " bytes of heap");
                }
                windows.add(window(bytes));
                bytes = new byte[size];
            }
            if (count < size) {
                return new ImageContents(windows, UNPACKED_SHIFT, length);
            }
        }
    }

    /** Bytes. */
    long length() {
        return length;
    }

    /** The window that holds {@code offset}; {@link #positionOf} is the place in it. */
    ByteBuffer windowOf(long offset) {
        return windows[(int) (offset >>> shift)];
    }

    int positionOf(long offset) {
        return (int) (offset & ((1L << shift) - 1));
    }

    /** Whether {@code bytes} bytes from {@code offset} lie in one window. */
    boolean inOneWindow(long offset, int bytes) {
        return offset >>> shift == (offset + bytes - 1) >>> shift;
    }

    /** Copies bytes; the caller has checked the range. */
    void get(long offset, byte[] target, int targetOffset, int count) {
        while (count > 0) {
            int position = positionOf(offset);
            int chunk = (int) Math.min(count, (1L << shift) - position);
            windowOf(offset).get(position, target, targetOffset, chunk);
            offset += chunk;
            targetOffset += chunk;
            count -= chunk;
        }
    }

    /** Whether two ranges of {@code count} bytes are equal. */
    boolean equal(long a, long b, long count) {
        byte[] left = new byte[4096];
        byte[] right = new byte[4096];
        for (long done = 0; done < count; done += left.length) {
            int chunk = (int) Math.min(left.length, count - done);
            get(a + done, left, 0, chunk);
            get(b + done, right, 0, chunk);
            if (!Arrays.equals(left, 0, chunk, right, 0, chunk)) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer window(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A limit of {@link ImageOptions} was exceeded. */
    static final class LimitException extends IOException {
        private static final long serialVersionUID = 1L;

        LimitException(String what) {
            super(what);
        }
    }
}
