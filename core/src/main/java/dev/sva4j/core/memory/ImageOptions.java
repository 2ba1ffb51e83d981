package dev.sva4j.core.memory;

import java.util.OptionalLong;

/**
 * How to read a memory image.
 *
 * @param rawBase physical address of the first byte if the image is raw whatever it looks like; empty to read an ELF
 *     core by its own headers and anything else as raw from address 0
 * @param maxUnpackedBytes longest contents of a gzip file; an image that is not packed is mapped, not loaded, and has
 *     no limit
 * @param maxHeapBytes most heap that the contents of a gzip file may take; blocks of zeros take none
 */
public record ImageOptions(OptionalLong rawBase, long maxUnpackedBytes, long maxHeapBytes) {
    /** Default of {@link #maxUnpackedBytes} (4 GiB). */
    public static final long DEFAULT_MAX_UNPACKED_BYTES = 4L << 30;

    /** Checks that the limits are positive. */
    public ImageOptions {
        if (maxUnpackedBytes <= 0 || maxHeapBytes <= 0) {
            throw new IllegalArgumentException("limits must be positive: " + maxUnpackedBytes + " bytes of contents, "
                    + maxHeapBytes + " of heap");
        }
    }

    /** No raw base, {@link #DEFAULT_MAX_UNPACKED_BYTES} of contents, half of the largest heap. */
    public static ImageOptions defaults() {
        return new ImageOptions(
                OptionalLong.empty(),
                DEFAULT_MAX_UNPACKED_BYTES,
                Runtime.getRuntime().maxMemory() / 2);
    }

    /** The same for a raw image whose first byte is at physical address {@code base}. */
    public ImageOptions withRawBase(long base) {
        return new ImageOptions(OptionalLong.of(base), maxUnpackedBytes, maxHeapBytes);
    }

    /** The same with another limit for the contents of a gzip file. */
    public ImageOptions withMaxUnpackedBytes(long bytes) {
        return new ImageOptions(rawBase, bytes, maxHeapBytes);
    }

    /** The same with another limit for the heap that the contents of a gzip file take. */
    public ImageOptions withMaxHeapBytes(long bytes) {
        return new ImageOptions(rawBase, maxUnpackedBytes, bytes);
    }
}
