package dev.sva4j.conformance;

import dev.sva4j.spi.Mmio;

/** Registers that are others, for subclasses to differ in one point. */
public abstract class ForwardingMmio implements Mmio {
    private final Mmio to;

    protected ForwardingMmio(Mmio to) {
        this.to = to;
    }

    @Override
    public int read32(long offset) {
        return to.read32(offset);
    }

    @Override
    public long read64(long offset) {
        return to.read64(offset);
    }

    @Override
    public void write32(long offset, int value) {
        to.write32(offset, value);
    }

    @Override
    public void write64(long offset, long value) {
        to.write64(offset, value);
    }
}
