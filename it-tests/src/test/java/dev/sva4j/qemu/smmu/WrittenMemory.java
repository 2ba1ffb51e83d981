package dev.sva4j.qemu.smmu;

import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Memory that remembers where byte blocks, which is what devices write, have gone. */
final class WrittenMemory implements PhysicalMemory {
    private final PhysicalMemory memory;
    private final Set<Long> written = new HashSet<>();

    WrittenMemory(PhysicalMemory memory) {
        this.memory = memory;
    }

    /** The words written since the last call. */
    Set<Long> takeWritten() {
        Set<Long> taken = Set.copyOf(written);
        written.clear();
        return taken;
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        memory.write(pa, source, offset, length);
        for (long word = pa & -Long.BYTES; word < pa + length; word += Long.BYTES) {
            written.add(word);
        }
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
    public void store(long pa, long value) {
        memory.store(pa, value);
    }

    @Override
    public void storeRelease(long pa, long value) {
        memory.storeRelease(pa, value);
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        return memory.compareAndSet(pa, expected, value);
    }

    @Override
    public void store32(long pa, int value) {
        memory.store32(pa, value);
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        memory.read(pa, target, offset, length);
    }

    @Override
    public void zero(long pa, long length) {
        memory.zero(pa, length);
    }

    @Override
    public boolean contains(long pa, long length) {
        return memory.contains(pa, length);
    }

    @Override
    public List<MemoryRange> ranges() {
        return memory.ranges();
    }
}
