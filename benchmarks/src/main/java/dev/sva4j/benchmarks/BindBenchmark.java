package dev.sva4j.benchmarks;

import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.core.pasid.PasidBitmap;
import dev.sva4j.spi.Behaviour;
import java.util.concurrent.ConcurrentHashMap;
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
 * bind and unbind, all commands, completions and drains included. Baseline: the bookkeeping alone, without hardware: a
 * PASID, a 64-byte table entry, and a look-up entry, made and undone.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class BindBenchmark {
    @Param({"arm-smmu-v3", "intel-vtd", "amd-vi"})
    String vendor = "";

    private BoundProcess process;
    private SvaDevice second;
    private SvaBond own;
    private final PasidBitmap pasids = new PasidBitmap(1 << 20);
    private final ConcurrentHashMap<Integer, Object> bonds = new ConcurrentHashMap<>();
    private final long[] table = new long[(1 << 10) * 8];

    /** What the state holds before {@link #start}. */
    @SuppressWarnings("NullAway.Init")
    public BindBenchmark() {}

    @Setup
    public void start() {
        process = new BoundProcess(vendor, 16, true, Behaviour.TYPICAL);
        own = process.bond;
        second = process.system.initDevice("dev1", DeviceOptions.DEFAULT.withFeatures());
    }

    @TearDown
    public void stop() {
        own.unbind();
        process.system.close();
    }

    @Benchmark
    public int bindUnbindOfABoundProcess() {
        SvaBond bond = second.bind(process.mm, null);
        bond.unbind();
        return bond.pasid();
    }

    @Benchmark
    public int bindUnbindOfTheOnlyUser() {
        own.unbind();
        own = process.device.bind(process.mm, null);
        return own.pasid();
    }

    @Benchmark
    public int baselineBookkeeping() {
        int pasid = pasids.allocate(1, 1023);
        int at = pasid * 8;
        for (int word = 7; word >= 0; word--) {
            table[at + word] = (long) pasid + word;
        }
        bonds.put(pasid, table);
        for (int word = 0; word < 8; word++) {
            table[at + word] = 0;
        }
        bonds.remove(pasid);
        pasids.free(pasid);
        return pasid;
    }
}
