package dev.sva4j.core.memory;

/**
 * Where a range of physical addresses is in an image.
 *
 * @param start physical address of the first byte
 * @param length bytes, at least 1; the range does not wrap
 * @param offset of the first byte in the contents of the image
 */
record Segment(long start, long length, long offset) {
    /** Physical address of the last byte. */
    long last() {
        return start + length - 1;
    }

    /** Whether the byte at {@code pa} is in it. */
    boolean contains(long pa) {
        return Long.compareUnsigned(pa - start, length) < 0;
    }

    /** Where in the contents the byte at {@code pa}, which is in it, is. */
    long offsetOf(long pa) {
        return offset + (pa - start);
    }
}
