package dev.sva4j.core.unit;

import dev.sva4j.api.TraceEvent;
import dev.sva4j.spi.Mmio;

/** Registers as the driver half reaches them: a write is recorded before it takes effect, a read after. */
final class TracedMmio implements Mmio {
    private final Mmio registers;
    private final Trace trace;
    private final String unit;

    TracedMmio(Mmio registers, Trace trace, String unit) {
        this.registers = registers;
        this.trace = trace;
        this.unit = unit;
    }

    @Override
    public int read32(long offset) {
        int value = registers.read32(offset);
        trace.event(unit, TraceEvent.Kind.REGISTER_READ, offset, Integer.toUnsignedLong(value), Integer.BYTES, "");
        return value;
    }

    @Override
    public long read64(long offset) {
        long value = registers.read64(offset);
        trace.event(unit, TraceEvent.Kind.REGISTER_READ, offset, value, Long.BYTES, "");
        return value;
    }

    @Override
    public void write32(long offset, int value) {
        trace.event(unit, TraceEvent.Kind.REGISTER_WRITE, offset, Integer.toUnsignedLong(value), Integer.BYTES, "");
        registers.write32(offset, value);
    }

    @Override
    public void write64(long offset, long value) {
        trace.event(unit, TraceEvent.Kind.REGISTER_WRITE, offset, value, Long.BYTES, "");
        registers.write64(offset, value);
    }
}
