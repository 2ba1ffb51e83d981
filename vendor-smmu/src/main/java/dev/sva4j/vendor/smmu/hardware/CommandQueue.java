package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_CMDQS;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.GERROR_CMDQ_ERR;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.CMDQ_BASE;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.CMDQ_CONS;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.CMDQ_CONS_ERR;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.CMDQ_PROD;

import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.hardware.AtcInvalidations;
import dev.sva4j.spi.hardware.Combiner;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.vendor.smmu.layout.Command;
import dev.sva4j.vendor.smmu.layout.CommandError;
import dev.sva4j.vendor.smmu.layout.CommandOpcode;
import dev.sva4j.vendor.smmu.layout.QueuePointer;
import dev.sva4j.vendor.smmu.layout.SyncCommand;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The Command queue (§3.5, §4, §7.1), consumed without a thread of its own and without making anyone wait.
 *
 * <p>Whatever may let it go on calls {@link #advance}: a doorbell, a look at CMDQ_CONS, the end of the accesses or of
 * the ATC invalidations that a CMD_SYNC waits for, the acknowledgement of an error. One caller at a time consumes; the
 * others leave word that there may be more and go.
 *
 * <p>A CMD_SYNC stays at the head until every command before it has taken effect: every access that was in flight when
 * hardware first looked at it has ended, with its event if it had one, and every ATC invalidation has been acknowledged
 * (§4.7). Disabling the queue abandons that wait; the CMD_SYNC starts afresh when the queue is enabled again.
 */
final class CommandQueue {
    private final Control control;
    private final GlobalErrors errors;
    private final Interrupts interrupts;
    private final InFlightSections sections;
    private final AtcInvalidations atc;
    private final CommandExecutor executor;
    private final PhysicalMemory memory;
    private final Scheduler scheduler;
    private final String taskName;
    private final boolean deferred;
    private final long largestLog2Size;

    // Registers. CONS belongs to the consumer while the queue is enabled and to software while it is not.
    private volatile long base;
    private volatile long prod;
    private volatile long cons;

    /** Has one thread at a time consume. */
    private final Combiner consumer = new Combiner(this::consume);

    /** Whether a task is on its way that will consume. */
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** The wait of the CMD_SYNC at the head for accesses in flight, once it has begun. Owned by the consumer. */
    private @Nullable Drain drain;

    CommandQueue(
            HardwareHost host,
            Features features,
            Control control,
            GlobalErrors errors,
            Interrupts interrupts,
            InFlightSections sections,
            AtcInvalidations atc,
            CommandExecutor executor) {
        this.memory = host.memory();
        this.scheduler = host.scheduler();
        this.taskName = host.name() + " command queue";
        this.deferred = host.behaviour().deferredCommands();
        this.largestLog2Size = IDR1_CMDQS.get(features.ids.idr1());
        this.control = control;
        this.errors = errors;
        this.interrupts = interrupts;
        this.sections = sections;
        this.atc = atc;
        this.executor = executor;
    }

    void defineRegisters(RegisterFile registers) {
        registers.define(CMDQ_BASE, () -> base, value -> {
            if (!control.isCommandQueueEnabled()) {
                base = CMDQ_BASE.afterWrite(base, value);
            }
        });
        registers.define(CMDQ_PROD, () -> prod, this::ringDoorbell);
        registers.define(CMDQ_CONS, this::lookAtCons, value -> {
            if (!control.isCommandQueueEnabled()) {
                cons = CMDQ_CONS.afterWrite(cons, value);
            }
        });
    }

    private void ringDoorbell(long value) {
        prod = CMDQ_PROD.afterWrite(prod, value);
        if (!deferred) {
            advance();
        } else if (scheduled.compareAndSet(false, true)) {
            scheduler.spawn(taskName, () -> {
                scheduled.set(false);
                advance();
            });
        }
    }

    private long lookAtCons() {
        advance();
        return cons;
    }

    /** Consumes what can be consumed, here or on the thread that is at it already. No lock may be held. */
    void advance() {
        consumer.run();
    }

    /**
     * Whether a thread is at it. After the queue was disabled and {@link #advance} called, nobody is only if the wait of
     * the CMD_SYNC at the head has been abandoned.
     */
    boolean isConsuming() {
        return consumer.isRunning();
    }

    private void consume() {
        if (!control.isCommandQueueEnabled()) {
            drain = null;
            atc.forget();
            return;
        }
        int log2Size = QueuePointer.log2Size(base, largestLog2Size);
        long start = QueuePointer.base(base, log2Size, QueuePointer.LOG2_COMMAND_BYTES);
        while (!errors.isActive(GERROR_CMDQ_ERR)
                && control.isCommandQueueEnabled()
                && !QueuePointer.isEmpty(prod, cons, log2Size)) {
            long at = QueuePointer.entryAddress(start, cons, log2Size, QueuePointer.LOG2_COMMAND_BYTES);
            if (!consumeOne(at, log2Size)) {
                return;
            }
        }
    }

    /** Carries out the command at {@code at}; returns false if the queue stops there. */
    private boolean consumeOne(long at, int log2Size) {
        long word0;
        long word1;
        try {
            word0 = memory.loadAcquire(at);
            word1 = memory.loadAcquire(at + Long.BYTES);
        } catch (MemoryAbortException e) {
            return stop(CommandError.CERROR_ABT);
        }
        CommandOpcode opcode = executor.decode(word0);
        if (opcode == CommandOpcode.CMD_SYNC) {
            return synchronize(word0, word1, log2Size);
        }
        if (opcode == null || !executor.execute(opcode, word0, word1)) {
            return stop(CommandError.CERROR_ILL);
        }
        cons = QueuePointer.next(cons, log2Size);
        return true;
    }

    private boolean synchronize(long word0, long word1, int log2Size) {
        int signal = (int) Command.CS.get(word0);
        if (signal > SyncCommand.CS_SEV) {
            return stop(CommandError.CERROR_ILL);
        }
        Drain wait = drain;
        if (wait == null) {
            wait = new Drain();
            drain = wait;
            sections.whenDrained(wait);
        }
        if (!wait.over) {
            return false;
        }
        if (atc.takeExpired() != AtcInvalidations.NONE) {
            drain = null;
            return stop(CommandError.CERROR_ATC_INV_SYNC);
        }
        if (!atc.areComplete()) {
            return false;
        }
        drain = null;
        cons = QueuePointer.next(cons, log2Size);
        // SIG_SEV wakes CPUs that wait for an event; nobody here does.
        if (signal == SyncCommand.CS_IRQ) {
            interrupts.signalSync(Command.MSI_ADDRESS.getAddress(word1), (int) Command.MSI_DATA.get(word0));
        }
        return true;
    }

    /** Stops at the command with an error (§7.1): the reason first, then the error. */
    private boolean stop(CommandError error) {
        cons = CMDQ_CONS_ERR.put(cons, error.code());
        errors.activate(GERROR_CMDQ_ERR);
        return false;
    }

    /** A wait for the accesses that are in flight. One that was abandoned ends unnoticed. */
    private final class Drain implements Runnable {
        /** Set once, by whichever thread ends the last access. */
        private volatile boolean over;

        @Override
        public void run() {
            over = true;
            advance();
        }
    }
}
