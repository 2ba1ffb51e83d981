package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.Interrupt;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import java.util.HashMap;
import java.util.Map;

/** A machine with nothing but one remapping unit's registers. */
final class FakeHost implements DriverHost {
    static final long TIMEOUT = 1_000_000;
    static final int FAULT = 0;
    static final int PAGE_REQUEST = 1;

    final FakeMemory memory = new FakeMemory();
    final FakeFrames frames = new FakeFrames(memory);
    final ScriptedVtd vtd = new ScriptedVtd(memory);
    final SteppingScheduler stepping = new SteppingScheduler();
    final RecordedFaults faults = new RecordedFaults();
    final Map<Integer, Runnable> handlers = new HashMap<>();

    /** What the driver waits with. */
    Scheduler scheduler = stepping;

    long timeoutNanos = TIMEOUT;

    @Override
    public String name() {
        return "iommu0";
    }

    @Override
    public PhysicalMemory memory() {
        return memory;
    }

    @Override
    public FrameAllocator frames() {
        return frames;
    }

    @Override
    public Mmio registers() {
        return vtd;
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public FaultSink faults() {
        return faults;
    }

    @Override
    public long commandTimeoutNanos() {
        return timeoutNanos;
    }

    @Override
    public String quiesceStrategy() {
        return "p0-fpd";
    }

    @Override
    public Interrupt allocateInterrupt(String name, int line, Runnable handler) {
        handlers.put(line, handler);
        return new Interrupt(0x1_FEE0_0000L + line * 4L, 0x40 + line, line);
    }

    /** Runs the handler of an interrupt. */
    void interrupt(int line) {
        handlers.get(line).run();
    }
}
