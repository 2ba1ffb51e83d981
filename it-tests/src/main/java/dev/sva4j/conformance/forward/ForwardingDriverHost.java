package dev.sva4j.conformance.forward;

import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.Interrupt;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;

/** A driver's host that is another one, for subclasses to differ in one point. */
public abstract class ForwardingDriverHost implements DriverHost {
    private final DriverHost to;

    /** Passes on to {@code to}. */
    protected ForwardingDriverHost(DriverHost to) {
        this.to = to;
    }

    @Override
    public String name() {
        return to.name();
    }

    @Override
    public PhysicalMemory memory() {
        return to.memory();
    }

    @Override
    public FrameAllocator frames() {
        return to.frames();
    }

    @Override
    public Mmio registers() {
        return to.registers();
    }

    @Override
    public Scheduler scheduler() {
        return to.scheduler();
    }

    @Override
    public FaultSink faults() {
        return to.faults();
    }

    @Override
    public long commandTimeoutNanos() {
        return to.commandTimeoutNanos();
    }

    @Override
    public String quiesceStrategy() {
        return to.quiesceStrategy();
    }

    @Override
    public Interrupt allocateInterrupt(String name, int line, Runnable handler) {
        return to.allocateInterrupt(name, line, handler);
    }
}
