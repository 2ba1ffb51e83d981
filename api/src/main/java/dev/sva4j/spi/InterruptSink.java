package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * Where a hardware half sends its interrupts. Thread-safe; returns at once: handlers run on tasks of their own.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface InterruptSink {
    /**
     * A message-signalled interrupt: {@code data} written to {@code address}. One that no driver asked for is traced
     * and dropped.
     */
    void message(long address, int data);

    /** A pulse on wired interrupt line {@code line} of this IOMMU. */
    void wired(int line);
}
