package dev.sva4j.benchmarks;

import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaSystemBuilder;
import dev.sva4j.core.schedule.SeededScheduler;
import dev.sva4j.spi.Behaviour;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a trace costs, and a scheduler that runs one task at a time: the same work in a system without either (threads; the
 * baseline), with a trace whose sink counts, and under a seeded scheduler.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class SystemBenchmark {
    /** In one task, as a seeded scheduler starts one for each call from outside. */
    private static final int OPERATIONS = 100;

    @Param({"arm-smmu-v3", "intel-vtd", "amd-vi"})
    String vendor = "";

    @Param({"baseline", "traced", "seeded"})
    String system = "";

    private BoundProcess process;
    private SvaDevice second;
    private SeededScheduler seeded;
    private final AtomicLong events = new AtomicLong();
    private final byte[] data = new byte[64];

    /** What the state holds before {@link #start}. */
    @SuppressWarnings("NullAway.Init")
    public SystemBenchmark() {}

    // Each time: a seeded scheduler ends after so many steps.
    @Setup(Level.Iteration)
    public void start() {
        seeded = new SeededScheduler(1, Long.MAX_VALUE);
        Consumer<SvaSystemBuilder> variation = switch (system) {
            case "traced" -> builder -> builder.trace(event -> events.incrementAndGet());
            case "seeded" -> builder -> builder.scheduler(seeded);
            default -> builder -> {};
        };
        process = new BoundProcess(vendor, 16, false, Behaviour.TYPICAL, variation);
        process.system
                .scheduler()
                .run("second", () -> second = process.system.initDevice("dev1", DeviceOptions.DEFAULT.withFeatures()));
    }

    @TearDown(Level.Iteration)
    public void stop() {
        process.close();
        seeded.close();
    }

    private void times(Runnable operation) {
        process.system.scheduler().run("benchmark", () -> {
            for (int i = 0; i < OPERATIONS; i++) {
                operation.run();
            }
        });
    }

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public byte[] read64() {
        times(this::readOnce);
        return data;
    }

    private void readOnce() {
        DmaStatus status = process.port.read(process.bond.pasid(), BoundProcess.AT, data, 0, data.length);
        if (status != DmaStatus.OK) {
            throw new IllegalStateException("DMA ended with " + status);
        }
    }

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long bindUnbind() {
        times(this::bindOnce);
        return events.get();
    }

    private void bindOnce() {
        SvaBond bond = second.bind(process.mm, null);
        bond.unbind();
    }
}
