package dev.sva4j.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Physical memory as the bus sees it: 64-bit addresses, little-endian, sparse (with a base and holes).
 *
 * <p>It is the one thing which the two halves of an IOMMU, the CPU and the devices share. Word accesses are single-copy
 * atomic when aligned; there is no wider atomic store, so a structure of several words is replaced by way of its
 * invalid state.
 *
 * <p>Thread-safe: any number of threads may access any address. {@link #load} and {@link #store} are plain (no
 * ordering); {@link #loadAcquire}, {@link #storeRelease} and {@link #compareAndSet} order like the Java memory model's
 * access modes of those names. Byte-block accesses have no atomicity beyond the aligned word.
 *
 * <p>An access that touches a byte outside every {@linkplain #ranges() range} ends in a {@link MemoryAbortException}:
 * the external abort of the bus. A block access that aborts may have transferred the bytes before the hole.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface PhysicalMemory {

    /** Reads the 64-bit word at {@code pa} (8-byte aligned), without ordering. */
    long load(long pa);

    /** Reads the 64-bit word at {@code pa} (8-byte aligned); later accesses of this thread stay after it. */
    long loadAcquire(long pa);

    /** Writes the 64-bit word at {@code pa} (8-byte aligned), without ordering. */
    void store(long pa, long value);

    /** Writes the 64-bit word at {@code pa} (8-byte aligned); earlier accesses of this thread stay before it. */
    void storeRelease(long pa, long value);

    /**
     * Replaces the 64-bit word at {@code pa} (8-byte aligned) if it equals {@code expected}; a full fence when it
     * succeeds.
     */
    boolean compareAndSet(long pa, long expected, long value);

    /** Writes the 32-bit word at {@code pa} (4-byte aligned) with release ordering, leaving its neighbour as it is. */
    void store32(long pa, int value);

    /** Copies {@code length} bytes starting at {@code pa} (any alignment) into {@code target} from {@code offset}. */
    void read(long pa, byte[] target, int offset, int length);

    /** Copies {@code length} bytes of {@code source} from {@code offset} to {@code pa} (any alignment). */
    void write(long pa, byte[] source, int offset, int length);

    /** Zeroes {@code length} bytes from {@code pa}; both multiples of 8. */
    void zero(long pa, long length);

    /** Whether every byte of {@code [pa, pa + length)} is backed. An empty range is contained anywhere. */
    boolean contains(long pa, long length);

    /** The backed ranges in ascending order, neighbours merged. */
    List<MemoryRange> ranges();

    /**
     * The file whose mapping this memory is: the bytes of the ranges, one range after the other in ascending order. For
     * a hardware half in another process, which maps it too. Its name may be gone once the IOMMUs of a system have been
     * made; what is mapped by then stays shared.
     *
     * @return empty if this memory is in no file
     */
    default Optional<Path> file() {
        return Optional.empty();
    }

    /**
     * Makes the stores of the calling thread to {@code [pa, pa + length)} visible to observers that do not snoop the
     * CPU's caches. A driver half calls it after it has written a table or a queue entry if the IOMMU's walks are not
     * coherent.
     *
     * <p>Memory that is always coherent does nothing; a test view may hide lines that were never written back.
     */
    default void writeBack(long pa, long length) {}
}
