package dev.sva4j.conformance.forward;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;

/** A hardware half's host that is another one, for subclasses to differ in one point. */
public abstract class ForwardingHardwareHost implements HardwareHost {
    private final HardwareHost to;

    /** Passes on to {@code to}. */
    protected ForwardingHardwareHost(HardwareHost to) {
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
    public InterruptSink interrupts() {
        return to.interrupts();
    }

    @Override
    public DeviceLink devices() {
        return to.devices();
    }

    @Override
    public Scheduler scheduler() {
        return to.scheduler();
    }

    @Override
    public Behaviour behaviour() {
        return to.behaviour();
    }
}
