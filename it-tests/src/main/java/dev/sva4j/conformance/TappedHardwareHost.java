package dev.sva4j.conformance;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;

/** A hardware half's host with another way to the devices. */
record TappedHardwareHost(HardwareHost to, DeviceLink devices) implements HardwareHost {
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
    public Scheduler scheduler() {
        return to.scheduler();
    }

    @Override
    public Behaviour behaviour() {
        return to.behaviour();
    }
}
