package dev.sva4j.spi.driver;

import dev.sva4j.spi.driver.CompletionRing.Ending;
import java.util.function.BooleanSupplier;
import org.apiguardian.api.API;

/**
 * Issues commands and waits for them. No lock is held at a wait.
 *
 * <p>A run of commands and its wait are issued in one piece: a wait answers for everything since the wait before.
 *
 * <p>Thread-safe.
 *
 * @since 0.2.0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.2.0")
public final class CompletionQueue {
    /**
     * The most commands, the wait included, that are issued in one piece: a quarter of a queue of 256, so that a few callers
     * find room at the same time and none waits for the queue to drain.
     */
    private static final int LONGEST_RUN = 64;

    /**
     * How a run of device-TLB invalidations ended.
     *
     * @since 0.2.0
     */
    @API(status = API.Status.EXPERIMENTAL, since = "0.2.0")
    public enum Outcome {
        /** Hardware has completed them. */
        DONE,
        /** Hardware has given up waiting for a device, and dropped what was pending: it has to be repeated. */
        ABORTED,
        /** The caller stopped waiting. */
        ABANDONED
    }

    /**
     * What came of a run.
     *
     * @param outcome how it ended
     * @param timedOutDevice if aborted, the requester that hardware waited for; 0 if it does not say
     * @since 0.2.0
     */
    @API(status = API.Status.EXPERIMENTAL, since = "0.2.0")
    public record Result(Outcome outcome, int timedOutDevice) {
        private static final Result DONE = new Result(Outcome.DONE, 0);
        private static final Result ABANDONED = new Result(Outcome.ABANDONED, 0);
    }

    private final Unit unit;
    private final CompletionRing ring;

    /** Issues to a ring, which nobody else does. */
    public CompletionQueue(Unit unit, CompletionRing ring) {
        this.unit = unit;
        this.ring = ring;
    }

    /** Lets hardware take what there is, as long as for a command, and looks at the queue no more. */
    public void stop() {
        unit.await(ring::isEmpty, unit.deadline());
        ring.stop();
    }

    /** The most commands that {@link #executeDeviceTlb} takes. */
    public static int runLength() {
        return LONGEST_RUN - 1;
    }

    /** Issues a command that nobody waits for. Waits only if the queue is full. */
    public void post(long word0, long word1) {
        issue(CommandBatch.of(word0, word1), 0, 1, Ending.NONE, unit.deadline());
    }

    /**
     * Issues any number of commands, none of them for a device TLB, and waits until hardware has completed them all. When
     * another's device TLB makes hardware drop its waits, they are issued again: invalidating twice does no harm.
     */
    public void execute(CommandBatch batch) {
        for (int from = 0; from < batch.size(); from += runLength()) {
            int to = Math.min(batch.size(), from + runLength());
            long deadline = unit.deadline();
            Result result;
            do {
                result = execute(batch, from, to, Ending.WAIT, () -> false, deadline);
            } while (result.outcome() == Outcome.ABORTED);
        }
    }

    /**
     * Issues up to {@link #runLength()} commands, device-TLB invalidations among them, and waits until devices have completed
     * them.
     *
     * @param abandoned when the wait is to end although hardware has not got so far
     * @param deadline when the wait ends at the latest
     */
    public Result executeDeviceTlb(CommandBatch batch, Ending ending, BooleanSupplier abandoned, long deadline) {
        return execute(batch, 0, batch.size(), ending, abandoned, deadline);
    }

    private Result execute(
            CommandBatch batch, int from, int to, Ending ending, BooleanSupplier abandoned, long deadline) {
        CompletionRuns.Run run = issue(batch, from, to, ending, deadline);
        try {
            while (true) {
                boolean inTime = unit.await(() -> ring.needsAttention(run) || abandoned.getAsBoolean(), deadline);
                ring.attend();
                String refusal = run.refusal();
                if (refusal != null) {
                    throw new IllegalStateException(refusal);
                } else if (run.isAborted()) {
                    return new Result(Outcome.ABORTED, run.timedOutDevice());
                } else if (ring.isComplete(run)) {
                    return Result.DONE;
                } else if (abandoned.getAsBoolean()) {
                    return Result.ABANDONED;
                } else if (ring.isStopped()) {
                    throw unit.timedOut(ring.reasonOfStop() + "; " + name(batch, from) + " waited");
                } else if (!inTime) {
                    throw unit.timedOut(name(batch, from) + " and its wait did not complete");
                }
            }
        } finally {
            ring.forget(run);
        }
    }

    private CompletionRuns.Run issue(CommandBatch batch, int from, int to, Ending ending, long deadline) {
        int needed = to - from + (ending == Ending.NONE ? 0 : 1);
        while (true) {
            CompletionRuns.Run run = ring.append(batch, from, to, ending);
            if (run != null) {
                return run;
            }
            boolean inTime = unit.await(() -> ring.mayHaveRoom(needed), deadline);
            ring.attend();
            if (ring.isStopped() || !inTime) {
                throw unit.timedOut("no room in the queue; " + name(batch, from) + " waited");
            }
        }
    }

    /** Takes notice of an error of the queue, and gets it going again. */
    public void attend() {
        ring.attend();
    }

    /** Whether there is an error to attend to. */
    public boolean isErrorActive() {
        return ring.isErrorActive();
    }

    /**
     * What nobody waits for fails in a task of its own: the scheduler keeps what escapes from a task and reports it when the
     * system closes, and whoever calls this goes on.
     */
    public void failUnreported() {
        for (String failure : ring.takeUnreported()) {
            unit.spawn("failure", () -> {
                throw new IllegalStateException(failure);
            });
        }
    }

    private String name(CommandBatch batch, int first) {
        return ring.describe(batch.word0(first), batch.word1(first));
    }
}
