package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.vendor.smmu.layout.CommandError;
import dev.sva4j.vendor.smmu.layout.CommandOpcode;
import dev.sva4j.vendor.smmu.layout.InterruptRegisters;
import dev.sva4j.vendor.smmu.layout.QueuePointer;
import dev.sva4j.vendor.smmu.layout.QueueRegisters;
import dev.sva4j.vendor.smmu.layout.SyncCommand;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The Command queue, producer side (IHI 0070 §3.5, §4, §7.1).
 *
 * <p>Commands are counted from the start of the queue in 64 bits, and a position is such a count. It never wraps, so "has CONS
 * passed my CMD_SYNC" is one comparison and no waiter can take another's completion for its own. The registers hold the count modulo
 * twice the size of the queue; the rest is recovered from them, without ambiguity because no more than the queue holds is ever
 * outstanding.
 *
 * <p>A run of commands and its CMD_SYNC are issued in one piece. So the first CMD_SYNC after an ATC invalidation is the one that
 * belongs to it, and CERROR_ATC_INV_SYNC can be told to the right caller.
 */
final class CommandQueue {
    /**
     * The most commands, CMD_SYNC included, that are issued in one piece: a quarter of a full-size queue, so that a few callers find
     * room at the same time and none waits for the queue to drain.
     */
    static final int LONGEST_RUN = 64;

    /** A command that could not be fetched so many times is given up: the memory of the queue is gone. */
    private static final int FETCH_ATTEMPTS = 3;

    /** How a run ended. */
    enum Outcome {
        /** CMDQ_CONS has passed its CMD_SYNC. */
        DONE,
        /** A device did not acknowledge an ATC invalidation of this run. */
        ATC_TIMED_OUT,
        /** The caller stopped waiting. */
        ABANDONED
    }

    private final Unit unit;
    private final TableMemory memory;
    private final GlobalErrors errors;
    private final int log2Size;
    private final long size;
    private final long base;

    /** Held for stores to the queue and its registers, never at a wait. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Position of the next command. Written under {@link #lock}, as is CMDQ_PROD, which therefore never moves back. */
    private volatile long produced;

    /** Every position below is consumed; CMDQ_CONS may be further. Written under {@link #lock}. */
    private volatile long consumed;

    /** Set under {@link #lock} when the queue has stopped for good. */
    private volatile boolean stopped;

    /** Guarded by {@link #lock}. */
    private final CommandRuns runs = new CommandRuns();

    /** Position of the command that could not be fetched last, and how often. Guarded by {@link #lock}. */
    private long unfetched = -1;

    private int fetchAttempts;

    /** Allocates the queue. */
    CommandQueue(Unit unit, TableMemory memory, GlobalErrors errors, int log2Size) {
        this.unit = unit;
        this.memory = memory;
        this.errors = errors;
        this.log2Size = log2Size;
        this.size = 1L << log2Size;
        this.base = memory.allocate(QueuePointer.bytes(log2Size, QueuePointer.LOG2_COMMAND_BYTES), "the Command queue");
    }

    /** Programs base and indexes; the queue is still disabled. */
    void program() {
        unit.write(QueueRegisters.CMDQ_BASE, QueuePointer.encodeBase(base, log2Size, true));
        unit.write(QueueRegisters.CMDQ_PROD, 0);
        unit.write(QueueRegisters.CMDQ_CONS, 0);
    }

    /** The most commands that {@link #run} takes. */
    int runLength() {
        return (int) Math.min(LONGEST_RUN, size) - 1;
    }

    /** Issues a command that nobody waits for. Waits only if the queue is full. */
    void post(long word0, long word1) {
        issue(CommandBatch.of(word0, word1), 0, 1, false, unit.deadline());
    }

    /** Issues any number of commands, none of them an ATC invalidation, and waits until hardware has completed them all. */
    void execute(CommandBatch batch) {
        for (int from = 0; from < batch.size(); from += runLength()) {
            run(batch, from, Math.min(batch.size(), from + runLength()), () -> false);
        }
    }

    /**
     * Issues up to {@link #runLength()} commands in one piece and waits until hardware has completed them.
     *
     * @param abandoned when the wait is to end although hardware has not got so far
     */
    Outcome run(CommandBatch batch, BooleanSupplier abandoned) {
        return run(batch, 0, batch.size(), abandoned);
    }

    private Outcome run(CommandBatch batch, int from, int to, BooleanSupplier abandoned) {
        long deadline = unit.deadline();
        CommandRuns.Run run = issue(batch, from, to, true, deadline);
        try {
            while (true) {
                boolean inTime = unit.await(() -> needsAttention(run) || abandoned.getAsBoolean(), deadline);
                attend();
                String illegalCommand = run.illegalCommand();
                if (illegalCommand != null) {
                    throw new IllegalStateException(illegalCommand);
                } else if (run.atcTimedOut()) {
                    return Outcome.ATC_TIMED_OUT;
                } else if (consumed >= run.end()) {
                    return Outcome.DONE;
                } else if (abandoned.getAsBoolean()) {
                    return Outcome.ABANDONED;
                } else if (stopped || !inTime) {
                    throw unit.timedOut(
                            describe(batch.word0(from), batch.word1(from)) + " and CMD_SYNC did not complete"
                                    + (stopped ? ": CERROR_ABT, the queue cannot be read;" : "") + " waited");
                }
            }
        } finally {
            lock.lock();
            try {
                runs.close(run);
            } finally {
                lock.unlock();
            }
        }
    }

    private CommandRuns.Run issue(CommandBatch batch, int from, int to, boolean sync, long deadline) {
        int needed = to - from + (sync ? 1 : 0);
        while (true) {
            lock.lock();
            try {
                if (room(consumed) < needed) {
                    refresh();
                }
                if (room(consumed) >= needed && !stopped) {
                    return write(batch, from, to, sync);
                }
            } finally {
                lock.unlock();
            }
            boolean inTime = unit.await(() -> room(observe()) >= needed || isErrorActive(), deadline);
            attend();
            if (stopped || !inTime) {
                throw unit.timedOut("no room in the Command queue for " + describe(batch.word0(from), batch.word1(from))
                        + "; waited");
            }
        }
    }

    /** Writes the entries, then CMDQ_PROD. The lock is held and there is room. */
    private CommandRuns.Run write(CommandBatch batch, int from, int to, boolean sync) {
        long start = produced;
        long position = start;
        for (int i = from; i < to; i++) {
            memory.store(entryAddress(position++), new long[] {batch.word0(i), batch.word1(i)});
        }
        if (sync) {
            memory.store(entryAddress(position++), new long[] {SyncCommand.noneWord0(), 0});
        }
        produced = position;
        // Before hardware can see the commands, so that an error that they cause finds its owner.
        CommandRuns.Run run = runs.open(start, position);
        if (!sync) {
            runs.close(run);
        }
        unit.write(QueueRegisters.CMDQ_PROD, QueuePointer.position(position, log2Size));
        return run;
    }

    private boolean needsAttention(CommandRuns.Run run) {
        return observe() >= run.end() || run.hasFailed() || isErrorActive();
    }

    private boolean isErrorActive() {
        return errors.isActive(InterruptRegisters.GERROR_CMDQ_ERR);
    }

    private long room(long consumedSoFar) {
        return size - (produced - consumedSoFar);
    }

    /**
     * How far hardware has got, for conditions of waits: without the lock and without a side effect. CMDQ_CONS says how much further
     * it is than {@link #consumed}, provided that this has not moved in between.
     */
    private long observe() {
        while (true) {
            long before = consumed;
            long cons = unit.read(QueueRegisters.CMDQ_CONS);
            if (consumed == before) {
                return before + QueuePointer.used(cons, before, log2Size);
            }
        }
    }

    /** Brings {@link #consumed} up to date. The lock is held. */
    private void refresh() {
        long cons = unit.read(QueueRegisters.CMDQ_CONS);
        long position = consumed + QueuePointer.used(cons, consumed, log2Size);
        if (position > produced) {
            throw new IllegalStateException(String.format(
                    "%s: CMDQ_CONS is 0x%x, beyond CMDQ_PROD 0x%x: the hardware is gone or broken",
                    unit.name(), cons, QueuePointer.position(produced, log2Size)));
        }
        consumed = position;
    }

    /** Takes notice of what hardware has done, and gets the queue going again after an error. */
    void attend() {
        lock.lock();
        try {
            refresh();
            if (isErrorActive() && !stopped) {
                recover();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The queue has stopped at CMDQ_CONS (IHI 0070 §7.1; {@code arm_smmu_cmdq_skip_err}). An illegal command is a mistake of this
     * driver: a CMD_SYNC takes its place, so that the others go on, and the mistake is reported to whoever waits for it. A CMD_SYNC
     * whose ATC invalidations timed out completes when it is tried again, without them. The lock is held.
     */
    private void recover() {
        long cons = unit.read(QueueRegisters.CMDQ_CONS);
        CommandError error = CommandError.of(cons);
        if (error == CommandError.CERROR_ABT && isFetchHopeless()) {
            stopped = true;
            return;
        } else if (error == CommandError.CERROR_ATC_INV_SYNC) {
            runs.atcTimedOut(consumed);
        } else if (error != CommandError.CERROR_ABT && error != CommandError.CERROR_NONE) {
            long entry = entryAddress(consumed);
            String command = describe(memory.load(entry), memory.load(entry + Long.BYTES));
            runs.illegal(
                    consumed,
                    unit.name() + ": hardware refuses " + command + " (CMDQ_CONS.ERR "
                            + QueueRegisters.CMDQ_CONS_ERR.get(cons) + ")");
            memory.store(entry, new long[] {SyncCommand.noneWord0(), 0});
        }
        errors.acknowledge(InterruptRegisters.GERROR_CMDQ_ERR);
    }

    private boolean isFetchHopeless() {
        fetchAttempts = unfetched == consumed ? fetchAttempts + 1 : 1;
        unfetched = consumed;
        return fetchAttempts >= FETCH_ATTEMPTS;
    }

    /** Refusals of commands that nobody waited for, each once. */
    List<String> takeUnreported() {
        lock.lock();
        try {
            return runs.takeUnreported();
        } finally {
            lock.unlock();
        }
    }

    private long entryAddress(long position) {
        return QueuePointer.entryAddress(base, position, log2Size, QueuePointer.LOG2_COMMAND_BYTES);
    }

    private static String describe(long word0, long word1) {
        CommandOpcode opcode = CommandOpcode.of(word0);
        return String.format("%s %016x %016x", opcode == null ? "unknown command" : opcode.name(), word0, word1);
    }
}
