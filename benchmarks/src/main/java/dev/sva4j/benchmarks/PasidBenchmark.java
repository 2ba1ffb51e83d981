package dev.sva4j.benchmarks;

import dev.sva4j.core.pasid.PasidBitmap;
import java.util.SplittableRandom;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Give a random PASID back, then take one, with so much of the 20-bit space in use. Baseline: a flat bitmap under a
 * lock, searched from the number handed out last.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class PasidBenchmark {
    private static final int LAST = (1 << 20) - 1;

    @Param({"0", "50", "99.9"})
    double percentUsed;

    private final PasidBitmap bitmap = new PasidBitmap(1 << 20);
    private final long[] bits = new long[(1 << 20) / Long.SIZE];
    private int cursor;
    private int[] live = new int[0];
    private int[] baselineLive = new int[0];
    private int next;

    @Setup
    public void fill() {
        int count = Math.max(1, (int) (LAST * percentUsed / 100));
        live = new int[count];
        baselineLive = new int[count];
        for (int i = 0; i < count; i++) {
            live[i] = bitmap.allocate(1, LAST);
            baselineLive[i] = baselineAllocate();
        }
        shuffle(live);
        shuffle(baselineLive);
    }

    private static void shuffle(int[] ids) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = ids.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = ids[i];
            ids[i] = ids[other];
            ids[other] = kept;
        }
    }

    private int nextSlot() {
        next = next + 1 == live.length ? 0 : next + 1;
        return next;
    }

    @Benchmark
    public int pair() {
        int slot = nextSlot();
        bitmap.free(live[slot]);
        live[slot] = bitmap.allocate(1, LAST);
        return live[slot];
    }

    @Benchmark
    public int baselineFlatBitmap() {
        int slot = nextSlot();
        synchronized (bits) {
            bits[baselineLive[slot] / Long.SIZE] &= ~(1L << baselineLive[slot]);
            baselineLive[slot] = baselineAllocate();
        }
        return baselineLive[slot];
    }

    private int baselineAllocate() {
        int candidate = cursor;
        do {
            candidate = candidate == LAST ? 1 : candidate + 1;
        } while ((bits[candidate / Long.SIZE] & (1L << candidate)) != 0);
        bits[candidate / Long.SIZE] |= 1L << candidate;
        cursor = candidate;
        return candidate;
    }
}
