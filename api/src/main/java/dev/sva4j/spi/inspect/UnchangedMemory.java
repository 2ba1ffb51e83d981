package dev.sva4j.spi.inspect;

import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Memory that is looked at and stays as it is. Hardware sets access flags and dirty states as it walks; here it is told
 * that it has, and nothing is stored. A walk does not read again what it has updated, so it cannot tell. Any other store is an error. As thread-safe as the memory is.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class UnchangedMemory implements PhysicalMemory {
    private final PhysicalMemory memory;

    /** A view of {@code memory}. */
    public UnchangedMemory(PhysicalMemory memory) {
        this.memory = memory;
    }

    @Override
    public long load(long pa) {
        return memory.load(pa);
    }

    @Override
    public long loadAcquire(long pa) {
        return memory.loadAcquire(pa);
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        memory.read(pa, target, offset, length);
    }

    @Override
    public boolean contains(long pa, long length) {
        return memory.contains(pa, length);
    }

    @Override
    public List<MemoryRange> ranges() {
        return memory.ranges();
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        return memory.loadAcquire(pa) == expected;
    }

    @Override
    public void store(long pa, long value) {
        throw written(pa);
    }

    @Override
    public void storeRelease(long pa, long value) {
        throw written(pa);
    }

    @Override
    public void store32(long pa, int value) {
        throw written(pa);
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        throw written(pa);
    }

    @Override
    public void zero(long pa, long length) {
        throw written(pa);
    }

    /** Queues are off and nothing is transferred, so there is nothing to store. */
    private static IllegalStateException written(long pa) {
        return new IllegalStateException(
                String.format("a translation stored to 0x%x, in memory that is only looked at", pa));
    }
}
