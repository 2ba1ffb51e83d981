package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.smmu.layout.CommandError;
import dev.sva4j.vendor.smmu.layout.CommandOpcode;
import dev.sva4j.vendor.smmu.layout.InterruptRegisters;
import dev.sva4j.vendor.smmu.layout.QueuePointer;
import dev.sva4j.vendor.smmu.layout.QueueRegisters;
import dev.sva4j.vendor.smmu.layout.SyncCommand;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The entries and indexes of the Command queue (IHI 0070 §3.5, §7.1). Nothing here waits.
 *
 * <p>Commands are counted from the start of the queue in 64 bits, and a position is such a count. It never wraps, so
 * "has CONS passed my CMD_SYNC" is one comparison, and no waiter can take another's completion for its own (I18). The
 * registers hold the count modulo twice the size of the queue; the rest is recovered from them, without ambiguity
 * because no more than the queue holds is ever outstanding.
 */
final class CommandRing {
    /** A command that could not be fetched so many times is given up: the memory of the queue is gone. */
    private static final int FETCH_ATTEMPTS = 3;

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

    /** Position of the command that could not be fetched last. Guarded by {@link #lock}. */
    private long unfetched = -1;

    /** How often it could not. Guarded by {@link #lock}. */
    private int fetchAttempts;

    /** Allocates the queue. */
    CommandRing(Unit unit, TableMemory memory, GlobalErrors errors, int log2Size) {
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

    /** How many commands it holds. */
    long size() {
        return size;
    }

    /**
     * Appends commands {@code [from, to)} of a batch, and a CMD_SYNC if asked for, in one piece.
     *
     * @return where they are, or null if there is no room now
     */
    CommandRuns.@Nullable Run append(CommandBatch batch, int from, int to, boolean sync) {
        int needed = to - from + (sync ? 1 : 0);
        lock.lock();
        try {
            if (room(consumed) < needed) {
                refresh();
            }
            if (room(consumed) < needed || stopped) {
                return null;
            }
            long start = produced;
            long position = start;
            for (int i = from; i < to; i++) {
                memory.store(entryAddress(position++), new long[] {batch.word0(i), batch.word1(i)});
            }
            if (sync) {
                memory.store(entryAddress(position++), new long[] {SyncCommand.noneWord0(), 0});
            }
            produced = position;
            // Before hardware can see the commands, so that an error that they cause finds whose they are.
            CommandRuns.Run run = runs.add(start, position, sync);
            unit.write(QueueRegisters.CMDQ_PROD, QueuePointer.position(position, log2Size));
            return run;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits for the run any more. */
    void forget(CommandRuns.Run run) {
        lock.lock();
        try {
            runs.remove(run);
        } finally {
            lock.unlock();
        }
    }

    /** A condition to wait for: whether so many commands may find room. */
    boolean mayHaveRoom(int commands) {
        return room(observe()) >= commands || isErrorActive();
    }

    /** A condition to wait for: whether {@link #attend} would find that the run has ended, or something to do. */
    boolean needsAttention(CommandRuns.Run run) {
        return observe() >= run.end() || run.hasFailed() || isErrorActive();
    }

    /** Whether hardware has consumed the run, as far as {@link #attend} has seen. */
    boolean isConsumed(CommandRuns.Run run) {
        return consumed >= run.end();
    }

    /** Whether the queue will never go on. */
    boolean isStopped() {
        return stopped;
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

    /** Whether hardware stands at a command of the run. */
    boolean isStandingAt(CommandRuns.Run run) {
        attend();
        return run.contains(consumed);
    }

    /** The queue has been disabled because of {@code cause}, but may have moved on to another run before it was. */
    void interruptedBecauseOf(CommandRuns.Run cause) {
        lock.lock();
        try {
            refresh();
            runs.interrupt(consumed, cause);
        } finally {
            lock.unlock();
        }
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

    private boolean isErrorActive() {
        return errors.isActive(InterruptRegisters.GERROR_CMDQ_ERR);
    }

    private long room(long consumedSoFar) {
        return size - (produced - consumedSoFar);
    }

    /**
     * How far hardware has got, for conditions: without the lock and without a side effect. CMDQ_CONS says how much
     * further it is than {@link #consumed}, provided that this has not moved in between.
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

    /**
     * The queue stands at a command with an error (IHI 0070 §7.1; {@code arm_smmu_cmdq_skip_err}). An illegal command
     * is a mistake of this driver: a CMD_SYNC takes its place, so that the others go on, and the mistake is reported to
     * whoever waits for it. A CMD_SYNC whose ATC invalidations timed out completes when it is tried again, without
     * them. The lock is held.
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
            runs.illegal(
                    consumed,
                    String.format(
                            "%s: hardware refuses %s (CMDQ_CONS.ERR %d)",
                            unit.name(),
                            describe(memory.load(entry), memory.load(entry + Long.BYTES)),
                            QueueRegisters.CMDQ_CONS_ERR.get(cons)));
            memory.store(entry, new long[] {SyncCommand.noneWord0(), 0});
        }
        errors.acknowledge(InterruptRegisters.GERROR_CMDQ_ERR);
    }

    private boolean isFetchHopeless() {
        fetchAttempts = unfetched == consumed ? fetchAttempts + 1 : 1;
        unfetched = consumed;
        return fetchAttempts >= FETCH_ATTEMPTS;
    }

    private long entryAddress(long position) {
        return QueuePointer.entryAddress(base, position, log2Size, QueuePointer.LOG2_COMMAND_BYTES);
    }

    /** A command in words and as it is. */
    static String describe(long word0, long word1) {
        CommandOpcode opcode = CommandOpcode.of(word0);
        return String.format("%s %016x %016x", opcode == null ? "unknown command" : opcode.name(), word0, word1);
    }
}
