package dev.sva4j.testing;

import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.Interrupt;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import java.util.HashMap;
import java.util.Map;

/** A machine with nothing but the registers of one IOMMU, which a subclass has. */
public abstract class FakeDriverHost implements DriverHost {
    public static final long TIMEOUT = 1_000_000;

    public final FakeMemory memory = new FakeMemory();
    public final FakeFrames frames = new FakeFrames(memory);
    public final SteppingScheduler stepping = new SteppingScheduler();
    public final RecordedFaults faults = new RecordedFaults();
    public final Map<Integer, Runnable> handlers = new HashMap<>();

    /** What the driver waits with. */
    public Scheduler scheduler = stepping;

    public long timeoutNanos = TIMEOUT;

    private final String quiesceStrategy;
    private final long messages;

    /**
     * A host that names a quiesce strategy.
     *
     * @param messages message address of interrupt 0; each next one has the next word
     */
    protected FakeDriverHost(String quiesceStrategy, long messages) {
        this.messages = messages;
        this.quiesceStrategy = quiesceStrategy;
    }

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
        return quiesceStrategy;
    }

    @Override
    public Interrupt allocateInterrupt(String name, int line, Runnable handler) {
        handlers.put(line, handler);
        return new Interrupt(messages + line * 4L, 0x40 + line, line);
    }

    /** Runs the handler of an interrupt. */
    public void interrupt(int line) {
        Runnable handler = handlers.get(line);
        if (handler == null) {
            throw new AssertionError("nobody asked for interrupt " + line);
        }
        handler.run();
    }
}
