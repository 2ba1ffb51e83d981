package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * A backed range of physical memory.
 *
 * @param start physical address of the first byte
 * @param length bytes, at least 1; {@code start + length} does not wrap
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record MemoryRange(long start, long length) {

    /** Checks that the range is not empty and does not wrap around the address space. */
    public MemoryRange {
        if (length <= 0 || Long.compareUnsigned(start + length - 1, start) < 0) {
            throw new IllegalArgumentException(
                    String.format("memory range 0x%x + 0x%x is empty or wraps; give a positive length", start, length));
        }
    }

    /** Physical address of the last byte. */
    public long last() {
        return start + length - 1;
    }

    /** Whether {@code [pa, pa + bytes)} lies within this range; {@code bytes} is at least 1. */
    public boolean contains(long pa, long bytes) {
        return Long.compareUnsigned(pa, start) >= 0
                && Long.compareUnsigned(pa - start, length) < 0
                && Long.compareUnsigned(bytes, length - (pa - start)) <= 0;
    }
}
