package dev.sva4j.benchmarks;

import dev.sva4j.api.Access;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.TranslationContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
 * The invalidation of one page of an address space that a device without ATS has an entry for, beside a process whose pages are
 * in the IOTLB: both halves, from the call of the driver's until hardware has confirmed it. Baseline: two command words into a
 * ring in an array, taken out again, and the slot of a table of tags that they name emptied.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class InvalidateBenchmark {
    private static final int PAGES = 512;
    private static final int SLOTS = 1024;
    private static final int RING = 512;

    /** Of no process: core counts from 1. */
    private static final int PASID = 500;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    @Param({"arm-smmu-v3", "intel-vtd", "amd-vi"})
    String vendor = "";

    private BoundProcess process;
    private IommuDriver driver;
    private FrameAllocator frames;
    private long root;
    private TranslationContext context;
    private int next;
    private final long[] ring = new long[RING];
    private final long[] tags = new long[SLOTS * 2];

    /** What the state holds before {@link #start}. */
    @SuppressWarnings("NullAway.Init")
    public InvalidateBenchmark() {}

    @Setup
    public void start() {
        process = new BoundProcess(vendor, PAGES, false, Behaviour.TYPICAL);
        for (int page = 0; page < PAGES; page++) {
            process.translation.translate(process.requester, process.bond.pasid(), address(page), Access.READ);
        }
        driver = process.halves.driver();
        frames = process.halves.driverHost().frames();
        root = frames.allocate(FrameAllocator.FRAME_SHIFT);
        context = driver.openContext(process.halves.processFormat(), root);
        driver.setPasid(process.requester, PASID, context, false);
    }

    @TearDown
    public void stop() {
        driver.clearPasid(process.requester, PASID);
        driver.closeContext(context);
        frames.free(root, FrameAllocator.FRAME_SHIFT);
        process.close();
    }

    private static long address(int page) {
        return BoundProcess.AT + (long) page * BoundProcess.PAGE;
    }

    private int nextPage() {
        next = (next + 1) & (PAGES - 1);
        return next;
    }

    @Benchmark
    public void onePage() {
        long start = address(nextPage());
        driver.invalidate(context, start, start + BoundProcess.PAGE - 1, false);
    }

    @Benchmark
    public void sixteenPages() {
        long start = address(nextPage());
        driver.invalidate(context, start, start + 16 * BoundProcess.PAGE - 1, false);
    }

    @Benchmark
    public long baselineOnePage() {
        int page = nextPage();
        int at = (page * 2) & (RING - 1);
        WORDS.setRelease(ring, at + 1, address(page));
        WORDS.setRelease(ring, at, (long) PASID);
        long tag = (long) WORDS.getAcquire(ring, at);
        long address = (long) WORDS.getAcquire(ring, at + 1);
        int slot = (int) (address / BoundProcess.PAGE & (SLOTS - 1)) * 2;
        WORDS.setRelease(tags, slot, 0L);
        return tag + tags[slot + 1];
    }
}
