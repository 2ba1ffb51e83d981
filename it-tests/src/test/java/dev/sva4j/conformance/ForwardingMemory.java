package dev.sva4j.conformance;

import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Memory that is another one, for subclasses to differ in how words are read or stored. */
public abstract class ForwardingMemory implements PhysicalMemory {
    private final PhysicalMemory to;

    protected ForwardingMemory(PhysicalMemory to) {
        this.to = to;
    }

    @Override
    public long load(long pa) {
        return to.load(pa);
    }

    @Override
    public long loadAcquire(long pa) {
        return to.loadAcquire(pa);
    }

    @Override
    public void store(long pa, long value) {
        to.store(pa, value);
    }

    @Override
    public void storeRelease(long pa, long value) {
        to.storeRelease(pa, value);
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        return to.compareAndSet(pa, expected, value);
    }

    @Override
    public void store32(long pa, int value) {
        to.store32(pa, value);
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        to.read(pa, target, offset, length);
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        to.write(pa, source, offset, length);
    }

    @Override
    public void zero(long pa, long length) {
        to.zero(pa, length);
    }

    @Override
    public boolean contains(long pa, long length) {
        return to.contains(pa, length);
    }

    @Override
    public List<MemoryRange> ranges() {
        return to.ranges();
    }

    @Override
    public Optional<Path> file() {
        return to.file();
    }

    @Override
    public void writeBack(long pa, long length) {
        to.writeBack(pa, length);
    }
}
