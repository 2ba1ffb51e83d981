package dev.sva4j.examples.acme.hardware;

import dev.sva4j.examples.acme.layout.Command;
import dev.sva4j.examples.acme.layout.Registers;
import dev.sva4j.examples.acme.layout.Ring;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.hardware.Combiner;
import dev.sva4j.spi.hardware.RegisterFile;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The command ring: consumed without a thread of its own, and without making anyone wait. Whoever may let it go on calls
 * {@link #advance}: a new tail, the end of the accesses that a WAIT waits for. One of them at a time consumes.
 */
final class CommandRing {
    private final PhysicalMemory memory;
    private final Scheduler scheduler;
    private final String taskName;
    private final boolean deferred;
    private final Translator translator;
    private final DataPath dataPath;
    private final InFlightSections sections;
    private final Combiner consumer = new Combiner(this::consume);
    /** Whether a task is on its way that will consume. Any thread. */
    private final AtomicBoolean scheduled = new AtomicBoolean();

    // Registers: read by any thread. Head and error are written by the consumer, the others by software.
    private volatile long ring;
    private volatile long tail;
    private volatile long head;
    private volatile boolean error;

    /** What a WAIT waits for, once it has begun. Owned by the consumer. */
    private @Nullable Drain drain;

    CommandRing(HardwareHost host, Translator translator, DataPath dataPath, InFlightSections sections) {
        this.memory = host.memory();
        this.scheduler = host.scheduler();
        this.taskName = host.name() + " command ring";
        this.deferred = host.behaviour().deferredCommands();
        this.translator = translator;
        this.dataPath = dataPath;
        this.sections = sections;
    }

    void defineRegisters(RegisterFile registers) {
        registers.define(Registers.COMMAND_RING, () -> ring, value -> ring = value);
        registers.define(Registers.COMMAND_TAIL, () -> tail, this::moveTail);
        registers.define(Registers.COMMAND_HEAD, () -> Registers.INDEX.encode(head) | Registers.ERROR.encode(error));
    }

    private void moveTail(long value) {
        tail = Registers.INDEX.get(value);
        if (!deferred) {
            advance();
        } else if (scheduled.compareAndSet(false, true)) {
            scheduler.spawn(taskName, () -> {
                scheduled.set(false);
                advance();
            });
        }
    }

    /** Carries out what can be carried out, here or on the thread that is at it already. */
    void advance() {
        consumer.run();
    }

    boolean isConsuming() {
        return consumer.isRunning();
    }

    private void consume() {
        while (translator.isEnabled() && !error && head != tail) {
            if (!carryOutNext()) {
                return;
            }
        }
        if (!translator.isEnabled()) {
            head = 0;
            error = false;
            drain = null;
        }
    }

    /** Returns false if the ring cannot go on now. */
    private boolean carryOutNext() {
        long word0;
        long word1;
        try {
            long at = Ring.entryAddress(ring, head);
            word0 = memory.loadAcquire(at);
            word1 = memory.loadAcquire(at + Long.BYTES);
        } catch (MemoryAbortException e) {
            error = true;
            return false;
        }
        if (Command.OP.get(word0) == Command.WAIT && !areAccessesOver()) {
            return false;
        }
        error = !carryOut(word0, word1);
        if (!error) {
            head = Ring.next(head);
        }
        return !error;
    }

    /** Returns false if this is no command. */
    private boolean carryOut(long word0, long word1) {
        int requester = (int) Command.REQUESTER.get(word0);
        switch ((int) Command.OP.get(word0)) {
            case Command.INVALIDATE_DEVICE -> translator.entries.invalidateDevice(requester);
            case Command.INVALIDATE_PASID ->
                translator.entries.invalidatePasid(requester, (int) Command.INDEX.get(word0));
            case Command.INVALIDATE_RANGE ->
                translator.invalidate(Command.TAG.get(word0), Command.first(word1), Command.last(word1));
            case Command.RESUME -> dataPath.resume((int) Command.TAG.get(word0), Command.RETRY.isSet(word0));
            case Command.WAIT -> {}
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Whether every access that was in flight when this was first asked has ended. */
    private boolean areAccessesOver() {
        Drain begun = drain;
        if (begun == null) {
            begun = new Drain();
            drain = begun;
            sections.whenDrained(begun);
        }
        if (!begun.over) {
            return false;
        }
        drain = null;
        return true;
    }

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
