package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.api.SvaException;
import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.smmu.layout.ControlRegisters;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Issues commands and waits for them (IHI 0070 §4). No lock is held at a wait.
 *
 * <p>A run of commands and its CMD_SYNC are issued in one piece. So the first CMD_SYNC after an ATC invalidation is the
 * one that belongs to it, and CERROR_ATC_INV_SYNC can be told to the right caller.
 */
final class CommandQueue {
    /**
     * The most commands, CMD_SYNC included, that are issued in one piece: a quarter of a full-size queue, so that a few
     * callers find room at the same time and none waits for the queue to drain.
     */
    static final int LONGEST_RUN = 64;

    /** How a run of ATC invalidations ended. */
    enum Outcome {
        /** Devices have acknowledged. */
        DONE,
        /** A device has not, and hardware gave up. */
        ATC_TIMED_OUT,
        /** Acknowledgements may have been forgotten on the way: it has to be repeated. */
        INTERRUPTED,
        /** The caller stopped waiting. */
        ABANDONED
    }

    private final Unit unit;
    private final Control control;
    private final CommandRing ring;

    /** Whether someone restarts the queue, and so may write CR0. Any thread. */
    private final AtomicBoolean restarting = new AtomicBoolean();

    /** Allocates the queue. */
    CommandQueue(Unit unit, TableMemory memory, GlobalErrors errors, Control control, int log2Size) {
        this.unit = unit;
        this.control = control;
        this.ring = new CommandRing(unit, memory, errors, log2Size);
    }

    /** Programs base and indexes; the queue is still disabled. */
    void program() {
        ring.program();
    }

    /** The most commands that {@link #executeAtc} takes. */
    int runLength() {
        return (int) Math.min(LONGEST_RUN, ring.size()) - 1;
    }

    /** Issues a command that nobody waits for. Waits only if the queue is full. */
    void post(long word0, long word1) {
        issue(CommandBatch.of(word0, word1), 0, 1, false, unit.deadline());
    }

    /**
     * Issues any number of commands, none of them an ATC invalidation, and waits until hardware has completed them all.
     */
    void execute(CommandBatch batch) {
        for (int from = 0; from < batch.size(); from += runLength()) {
            int to = Math.min(batch.size(), from + runLength());
            long deadline = unit.deadline();
            CommandRuns.Run run = issue(batch, from, to, true, deadline);
            try {
                await(run, () -> false, deadline, batch, from);
            } finally {
                ring.forget(run);
            }
        }
    }

    /**
     * Issues up to {@link #runLength()} ATC invalidations and waits until devices have acknowledged them. If nobody is
     * going to wait for them any more, the queue is freed from their CMD_SYNC.
     *
     * @param abandoned when the wait is to end although hardware has not got so far
     */
    Outcome executeAtc(CommandBatch batch, BooleanSupplier abandoned) {
        long deadline = unit.deadline();
        CommandRuns.Run run = issue(batch, 0, batch.size(), true, deadline);
        Outcome outcome = Outcome.ABANDONED;
        try {
            outcome = await(run, abandoned, deadline, batch, 0);
        } finally {
            if (outcome == Outcome.ABANDONED) {
                restart(run);
            }
            ring.forget(run);
        }
        return outcome;
    }

    private Outcome await(
            CommandRuns.Run run, BooleanSupplier abandoned, long deadline, CommandBatch batch, int first) {
        while (true) {
            boolean inTime = unit.await(() -> ring.needsAttention(run) || abandoned.getAsBoolean(), deadline);
            ring.attend();
            String illegalCommand = run.illegalCommand();
            if (illegalCommand != null) {
                throw new IllegalStateException(illegalCommand);
            } else if (run.hasAtcTimedOut()) {
                return Outcome.ATC_TIMED_OUT;
            } else if (ring.isConsumed(run)) {
                return run.isInterrupted() ? Outcome.INTERRUPTED : Outcome.DONE;
            } else if (abandoned.getAsBoolean()) {
                return Outcome.ABANDONED;
            } else if (ring.isStopped()) {
                throw unit.timedOut("CERROR_ABT, commands cannot be read any more; " + name(batch, first) + " waited");
            } else if (!inTime) {
                throw unit.timedOut(name(batch, first) + " and its CMD_SYNC did not complete");
            }
        }
    }

    private CommandRuns.Run issue(CommandBatch batch, int from, int to, boolean sync, long deadline) {
        int needed = to - from + (sync ? 1 : 0);
        while (true) {
            CommandRuns.Run run = ring.append(batch, from, to, sync);
            if (run != null) {
                return run;
            }
            boolean inTime = unit.await(() -> ring.mayHaveRoom(needed), deadline);
            ring.attend();
            if (ring.isStopped() || !inTime) {
                throw unit.timedOut("no room in the Command queue; " + name(batch, from) + " waited");
            }
        }
    }

    /**
     * Frees the queue from a CMD_SYNC that waits for devices which do not answer, so that others need not wait for the
     * time-out of hardware: the queue is disabled and enabled again, and the CMD_SYNC starts afresh. That it has nothing to
     * wait for then is a reading of the manual, not a quotation. Hardware that does not acknowledge, or that still waits
     * afterwards, is no worse off.
     *
     * <p>Only what stands between the last completed CMD_SYNC and this one is affected. That is this run alone, unless the
     * queue has moved on before it stopped; then the run at which it stands is repeated by whoever waits for it.
     */
    private void restart(CommandRuns.Run run) {
        if (!ring.isStandingAt(run) || !restarting.compareAndSet(false, true)) {
            return;
        }
        try {
            control.disable(ControlRegisters.CR0_CMDQEN);
            ring.interruptedBecauseOf(run);
            control.enable(ControlRegisters.CR0_CMDQEN);
        } catch (SvaException e) {
            control.enable(ControlRegisters.CR0_CMDQEN);
        } finally {
            restarting.set(false);
        }
    }

    /** Takes notice of an error of the queue, and gets it going again. */
    void attend() {
        ring.attend();
    }

    /** Refusals of commands that nobody waited for, each once. */
    List<String> takeUnreported() {
        return ring.takeUnreported();
    }

    private static String name(CommandBatch batch, int first) {
        return CommandRing.describe(batch.word0(first), batch.word1(first));
    }
}
