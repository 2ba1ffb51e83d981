package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * Register access over the bus, by byte offset from the base of the region.
 *
 * <p>Thread-safe. Accesses of one thread happen in program order and are ordered against its memory stores: a table
 * written before a register write is visible to what that write starts.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface Mmio {
    /** Reads 32 bits at a 4-byte aligned offset. Reserved offsets read zero. */
    int read32(long offset);

    /** Reads 64 bits at an 8-byte aligned offset. */
    long read64(long offset);

    /** Writes 32 bits at a 4-byte aligned offset. Writes to read-only and reserved offsets are ignored. */
    void write32(long offset, int value);

    /** Writes 64 bits at an 8-byte aligned offset. */
    void write64(long offset, long value);
}
