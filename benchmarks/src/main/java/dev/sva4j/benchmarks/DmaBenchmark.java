package dev.sva4j.benchmarks;

import dev.sva4j.api.DmaStatus;
import dev.sva4j.core.memory.HeapMemory;
import dev.sva4j.spi.Behaviour;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * DMA through the whole stack on a translation hit: untranslated (IOTLB) and by ATS (the device's own cache).
 * Baselines: the same bytes copied out of physical memory, and out of an array.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class DmaBenchmark {
    private static final int PAGES = 4;
    private static final long BASE = 0x8000_0000L;

    @Param({"arm-smmu-v3", "intel-vtd", "amd-vi"})
    String vendor = "";

    @Param({"64", "4096"})
    int bytes;

    private BoundProcess untranslated;
    private BoundProcess byAts;
    private HeapMemory memory;
    private final byte[] source = new byte[BoundProcess.PAGE * PAGES];
    private final byte[] target = new byte[BoundProcess.PAGE];
    private int next;

    /** What the state holds before {@link #start}. */
    @SuppressWarnings("NullAway.Init")
    public DmaBenchmark() {}

    @Setup
    public void start() {
        untranslated = new BoundProcess(vendor, PAGES, false, Behaviour.TYPICAL);
        byAts = new BoundProcess(vendor, PAGES, true, Behaviour.TYPICAL);
        memory = new HeapMemory(BASE, 1 << 20);
    }

    @TearDown
    public void stop() {
        untranslated.close();
        byAts.close();
    }

    private int nextOffset() {
        next = (next + 1) & (PAGES - 1);
        return next * BoundProcess.PAGE;
    }

    private static void require(DmaStatus status) {
        if (status != DmaStatus.OK) {
            throw new IllegalStateException("DMA ended with " + status);
        }
    }

    @Benchmark
    public byte[] read() {
        require(untranslated.port.read(untranslated.bond.pasid(), BoundProcess.AT + nextOffset(), target, 0, bytes));
        return target;
    }

    @Benchmark
    public byte[] write() {
        require(untranslated.port.write(untranslated.bond.pasid(), BoundProcess.AT + nextOffset(), source, 0, bytes));
        return source;
    }

    @Benchmark
    public byte[] readByAts() {
        require(byAts.port.read(byAts.bond.pasid(), BoundProcess.AT + nextOffset(), target, 0, bytes));
        return target;
    }

    @Benchmark
    public byte[] baselineMemory() {
        memory.read(BASE + nextOffset(), target, 0, bytes);
        return target;
    }

    @Benchmark
    public byte[] baselineArray() {
        System.arraycopy(source, nextOffset(), target, 0, bytes);
        return target;
    }
}
