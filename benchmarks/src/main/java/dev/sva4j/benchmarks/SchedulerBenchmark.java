package dev.sva4j.benchmarks;

import dev.sva4j.core.schedule.SeededScheduler;
import dev.sva4j.core.schedule.ThreadScheduler;
import dev.sva4j.spi.Scheduler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
 * Waiting and starting by way of a scheduler: that of production, the seeded one, and, as the baseline, Java's own means. What
 * is waited for is there already, as it is most of the time: commands complete before anyone looks.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class SchedulerBenchmark {
    private static final int OPERATIONS = 100;

    @Param({"threads", "seeded"})
    String scheduler = "";

    private Scheduler used;
    private Scheduler.WaitQueue queue;
    private final AtomicBoolean there = new AtomicBoolean(true);
    private final Object monitor = new Object();
    private long done;

    /** What the state holds before {@link #start}. */
    @SuppressWarnings("NullAway.Init")
    public SchedulerBenchmark() {}

    // Each time: a seeded scheduler ends after so many steps.
    @Setup(Level.Iteration)
    public void start() {
        used = scheduler.equals("seeded") ? new SeededScheduler(1, Long.MAX_VALUE) : new ThreadScheduler();
        queue = used.newWaitQueue("benchmark");
    }

    @TearDown(Level.Iteration)
    public void stop() throws Exception {
        used.close();
    }

    private void times(Runnable operation) {
        used.run("benchmark", () -> {
            for (int i = 0; i < OPERATIONS; i++) {
                operation.run();
            }
        });
    }

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long spawnAndJoin() {
        times(() -> used.spawn("task", () -> done++).join(Scheduler.NEVER));
        return done;
    }

    @Benchmark
    public long baselineStartAndJoin() throws InterruptedException {
        Thread thread = new Thread(() -> done++, "task");
        thread.start();
        thread.join();
        return done;
    }

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public void awaitWhatIsThere() {
        times(() -> used.await(there::get, Scheduler.NEVER));
    }

    @Benchmark
    public boolean baselineLook() {
        return there.get();
    }

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public void queueForWhatIsThere() {
        times(() -> queue.await(there::get, Scheduler.NEVER));
    }

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public void wakeNobody() {
        times(queue::wakeAll);
    }

    @Benchmark
    public void baselineNotifyNobody() {
        synchronized (monitor) {
            monitor.notifyAll();
        }
    }
}
