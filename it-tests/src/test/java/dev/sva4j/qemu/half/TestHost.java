package dev.sva4j.qemu.half;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import org.mockito.Mockito;

/** A hardware half's host that has memory and nothing else of use. */
record TestHost(PhysicalMemory memory) implements HardwareHost {
    @Override
    public String name() {
        return "iommu0";
    }

    @Override
    public InterruptSink interrupts() {
        return Mockito.mock(InterruptSink.class);
    }

    @Override
    public DeviceLink devices() {
        return Mockito.mock(DeviceLink.class);
    }

    @Override
    public Scheduler scheduler() {
        return Mockito.mock(Scheduler.class);
    }

    @Override
    public Behaviour behaviour() {
        return Behaviour.TYPICAL;
    }
}
