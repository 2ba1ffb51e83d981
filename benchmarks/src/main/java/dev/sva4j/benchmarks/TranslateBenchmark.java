package dev.sva4j.benchmarks;

import dev.sva4j.api.Access;
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
 * One translation: device and PASID to physical address. The next address depends on the last result, as in a device
 * queue. Baselines: a probe of a direct-mapped table of tag and data words, and a bare four-level walk over one array.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class TranslateBenchmark {
    private static final int PAGES = 512;
    private static final int SLOTS = 1024;
    private static final int ENTRIES = 512;

    @Param({"arm-smmu-v3", "intel-vtd", "amd-vi"})
    String vendor = "";

    private BoundProcess caching;
    private BoundProcess forgetful;
    private int pasid;
    private int coldPasid;
    private long last;
    private final long[] probe = new long[SLOTS * 2];
    private final long[] tables = new long[4 * ENTRIES];

    /** What the state holds before {@link #start}. */
    @SuppressWarnings("NullAway.Init")
    public TranslateBenchmark() {}

    @Setup
    public void start() {
        caching = new BoundProcess(vendor, PAGES, false, Behaviour.TYPICAL);
        // The entries of device and PASID stay cached, translations do not: what is left is the walk.
        Behaviour walks = new Behaviour(0, 0, 256, false, false, false, false);
        forgetful = new BoundProcess(vendor, PAGES, false, walks);
        pasid = caching.bond.pasid();
        coldPasid = forgetful.bond.pasid();
        for (int page = 0; page < PAGES; page++) {
            long key = BoundProcess.AT / BoundProcess.PAGE + page;
            int slot = (int) (key & (SLOTS - 1)) * 2;
            probe[slot] = key;
            probe[slot + 1] = page * (long) BoundProcess.PAGE;
        }
        // Tables at indexes 0, 1, 2, 3 of the array: each entry of an upper one leads to the next, leaves hold an
        // address.
        for (int i = 0; i < ENTRIES; i++) {
            tables[i] = (1L << 12) | 3;
            tables[ENTRIES + i] = (2L << 12) | 3;
            tables[2 * ENTRIES + i] = (3L << 12) | 3;
            tables[3 * ENTRIES + i] = ((long) i << 12) | 3;
        }
    }

    @TearDown
    public void stop() {
        caching.close();
        forgetful.close();
    }

    private long nextAddress() {
        return BoundProcess.AT + (((last * 0x9E37_79B1L) >>> 7) & (PAGES - 1)) * BoundProcess.PAGE + (last & 0xf8);
    }

    @Benchmark
    public long hit() {
        last = caching.translation.translate(caching.requester, pasid, nextAddress(), Access.READ) + last + 1;
        return last;
    }

    @Benchmark
    public long hitSamePage() {
        last = caching.translation.translate(caching.requester, pasid, BoundProcess.AT + (last & 0xf8), Access.READ);
        return last;
    }

    @Benchmark
    public long miss() {
        last = forgetful.translation.translate(forgetful.requester, coldPasid, nextAddress(), Access.READ) + last + 1;
        return last;
    }

    @Benchmark
    public long baselineProbe() {
        long address = nextAddress();
        long key = address / BoundProcess.PAGE;
        int slot = (int) (key & (SLOTS - 1)) * 2;
        last = probe[slot] == key ? probe[slot + 1] + (address & 0xfff) + last + 1 : -1;
        return last;
    }

    @Benchmark
    public long baselineWalk() {
        long address = nextAddress();
        int table = 0;
        for (int shift = 39; shift >= 12; shift -= 9) {
            long entry = tables[table * ENTRIES + (int) ((address >>> shift) & (ENTRIES - 1))];
            if ((entry & 1) == 0) {
                return -1;
            }
            table = (int) (entry >>> 12) & 3;
        }
        last = table + (address & 0xfff) + last + 1;
        return last;
    }
}
