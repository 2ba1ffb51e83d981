package dev.sva4j.core.unit;

import dev.sva4j.api.TraceEvent;
import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Memory as one side of the byte boundary sees it: records each store after it was done, by whom, where and what. */
final class TracedMemory implements PhysicalMemory {
    private final PhysicalMemory memory;
    private final Trace trace;
    private final String unit;
    private final TraceEvent.Kind kind;

    TracedMemory(PhysicalMemory memory, Trace trace, String unit, TraceEvent.Kind kind) {
        this.memory = memory;
        this.trace = trace;
        this.unit = unit;
        this.kind = kind;
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
        trace.event(unit, kind, pa, value, Long.BYTES, "");
    }

    @Override
    public void storeRelease(long pa, long value) {
        memory.storeRelease(pa, value);
        trace.event(unit, kind, pa, value, Long.BYTES, "release");
    }

    @Override
    public boolean compareAndSet(long pa, long expected, long value) {
        boolean done = memory.compareAndSet(pa, expected, value);
        if (done) {
            trace.event(unit, kind, pa, value, Long.BYTES, "compare-and-set");
        }
        return done;
    }

    @Override
    public void store32(long pa, int value) {
        memory.store32(pa, value);
        trace.event(unit, kind, pa, Integer.toUnsignedLong(value), Integer.BYTES, "");
    }

    @Override
    public void read(long pa, byte[] target, int offset, int length) {
        memory.read(pa, target, offset, length);
    }

    @Override
    public void write(long pa, byte[] source, int offset, int length) {
        memory.write(pa, source, offset, length);
        trace.event(unit, kind, pa, 0, length, "block");
    }

    @Override
    public void zero(long pa, long length) {
        memory.zero(pa, length);
        trace.event(unit, kind, pa, 0, (int) length, "zero");
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
    public Optional<Path> file() {
        return memory.file();
    }

    @Override
    public void writeBack(long pa, long length) {
        memory.writeBack(pa, length);
    }
}
