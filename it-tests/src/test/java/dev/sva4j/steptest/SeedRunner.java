package dev.sva4j.steptest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;

/** Runs scripts, several at a time, none for ever. */
final class SeedRunner {
    /** Real time, only for what never comes to a point where the virtual clock moves. */
    private static final long HANG_SECONDS = 120;

    private SeedRunner() {}

    /** A run: a seed, and the script that follows from it unless another one is given. */
    record Job(long seed, Config config, Script script) {
        static Job of(long seed) {
            return new Job(seed, Config.of(seed), Generator.of(seed));
        }
    }

    /**
     * Runs all.
     *
     * @return what they came across
     * @throws AssertionError with the first failure, shrunk
     */
    static Coverage run(LongStream seeds) {
        return run(seeds.mapToObj(Job::of).toList());
    }

    static Coverage run(List<Job> jobs) {
        ExecutorService pool = Executors.newFixedThreadPool(
                Math.min(4, Runtime.getRuntime().availableProcessors()), SeedRunner::daemon);
        try {
            List<Future<Coverage>> futures = new ArrayList<>();
            jobs.forEach(job -> futures.add(pool.submit(() -> runOne(job))));
            Coverage coverage = new Coverage();
            for (int i = 0; i < jobs.size(); i++) {
                coverage.add(await(jobs.get(i), futures.get(i)));
            }
            return coverage;
        } finally {
            pool.shutdownNow();
        }
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body, "step test");
        thread.setDaemon(true);
        return thread;
    }

    private static Coverage runOne(Job job) {
        Coverage coverage = new Coverage();
        StepRun.run(job.config(), job.script(), coverage);
        return coverage;
    }

    private static Coverage await(Job job, Future<Coverage> future) {
        try {
            return future.get(HANG_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StepFailure failure) {
                throw new AssertionError(
                        Shrinker.shrink(job.config(), job.script(), failure).describe(job.seed()), failure);
            }
            throw new AssertionError("seed " + job.seed() + " broke the test itself", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("seed " + job.seed() + " hangs; its script:\n" + job.script(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted at seed " + job.seed(), e);
        }
    }
}
