package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.layout.CommandBufferRegisters.CMDBUF_BASE;
import static dev.sva4j.vendor.amd.layout.CommandBufferRegisters.CMDBUF_HEAD;
import static dev.sva4j.vendor.amd.layout.CommandBufferRegisters.CMDBUF_TAIL;

import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.hardware.AtcInvalidations;
import dev.sva4j.spi.hardware.Combiner;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.vendor.amd.layout.Command;
import dev.sva4j.vendor.amd.layout.CompletionWait;
import dev.sva4j.vendor.amd.layout.InvalidateIotlbPages;
import dev.sva4j.vendor.amd.layout.Ring;
import dev.sva4j.vendor.amd.layout.StatusRegister;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The command buffer (AMD-Vi 2.4), consumed without a thread of its own and without making anyone wait.
 *
 * <p>Whatever may let it go on calls {@link #advance}: a tail, a look at the head or at Status, the end of the accesses
 * or of the device-TLB invalidations that a command waits for, Control written. One caller at a time consumes.
 *
 * <p>Commands are carried out in order, and two kinds wait. INVALIDATE_IOTLB_PAGES is sent when the accesses and
 * translation requests that may have used what earlier commands dropped have ended, or the device could fetch the old
 * translation again. COMPLETION_WAIT, once fetched, completes when the devices have answered and then every access,
 * translation and page request that was in flight has ended; nothing behind it is fetched until then, as if each had F.
 * So its completion implies quiescence.
 *
 * <p>A command that is illegal, or cannot be read, or cannot store, stops the buffer at itself: CmdBufRun is 0 until
 * software changes CmdBufEn from 0 to 1.
 */
final class CommandBuffer {
    private final Control control;
    private final Events events;
    private final Interrupts interrupts;
    private final InFlightSections sections;
    private final AtcInvalidations atc;
    private final CommandExecutor executor;
    private final PhysicalMemory memory;
    private final Scheduler scheduler;
    private final String taskName;
    private final boolean deferred;

    // Registers. The base is written while the buffer does not run, the head then or by the consumer.
    private volatile long base = Ring.encode(0, Ring.MIN_LEN);
    private volatile long tail;
    private volatile long head;

    /** Whether an error keeps it from running. Set by the consumer, cleared by it when it finds CmdBufEn = 0. */
    private volatile boolean stopped;

    /** Has one thread at a time consume. */
    private final Combiner consumer = new Combiner(this::consume);

    /** Whether a task is on its way that will consume. */
    private final AtomicBoolean scheduled = new AtomicBoolean();

    // Owned by the consumer.

    /** The COMPLETION_WAIT that has been fetched and has not completed. */
    private @Nullable Wait wait;

    /** The wait for accesses in flight, once it has begun. */
    private @Nullable Drain drain;

    /** Whether something has been dropped from caches since the last drain. */
    private boolean unsettled;

    /** Address of the last INVALIDATE_IOTLB_PAGES of each device, to name in IOTLB_INV_TIMEOUT. */
    private final Map<Integer, Long> invalidations = new HashMap<>();

    CommandBuffer(
            HardwareHost host,
            Control control,
            Events events,
            Interrupts interrupts,
            InFlightSections sections,
            AtcInvalidations atc,
            CommandExecutor executor) {
        this.memory = host.memory();
        this.scheduler = host.scheduler();
        this.taskName = host.name() + " command buffer";
        this.deferred = host.behaviour().deferredCommands();
        this.control = control;
        this.events = events;
        this.interrupts = interrupts;
        this.sections = sections;
        this.atc = atc;
        this.executor = executor;
    }

    void defineRegisters(RegisterFile registers) {
        registers.define(CMDBUF_BASE, () -> base, value -> {
            if (!isRunning() && Ring.hasLegalLength(value)) {
                base = CMDBUF_BASE.afterWrite(base, value);
                head = 0;
                tail = 0;
            }
        });
        registers.define(CMDBUF_TAIL, () -> tail, this::moveTail);
        registers.define(
                CMDBUF_HEAD,
                () -> {
                    advance();
                    return head;
                },
                value -> {
                    long pointer = CMDBUF_HEAD.afterWrite(head, value);
                    head = !isRunning() && Ring.contains(pointer, base) ? pointer : head;
                });
    }

    private void moveTail(long value) {
        long pointer = CMDBUF_TAIL.afterWrite(tail, value);
        if (!Ring.contains(pointer, base)) {
            return;
        }
        tail = pointer;
        if (!deferred) {
            advance();
        } else if (scheduled.compareAndSet(false, true)) {
            scheduler.spawn(taskName, () -> {
                scheduled.set(false);
                advance();
            });
        }
    }

    /** Whether commands are executed, or one still is: CmdBufRun. */
    boolean isRunning() {
        return (control.isCommandBufferEnabled() && !stopped) || consumer.isRunning();
    }

    /** Consumes what can be consumed, here or on the thread that is at it already. No lock may be held. */
    void advance() {
        consumer.run();
    }

    private void consume() {
        boolean more = true;
        while (more) {
            if (!control.isCommandBufferEnabled()) {
                abandon();
                return;
            }
            int late = atc.takeExpired();
            if (late != AtcInvalidations.NONE) {
                events.invalidationTimedOut(late, invalidations.getOrDefault(late, 0L));
            }
            if (stopped) {
                return;
            }
            more = wait != null ? completeWait(wait) : fetchOne();
        }
    }

    /** What turning the buffer off does. The head stays. */
    private void abandon() {
        stopped = false;
        wait = null;
        drain = null;
        atc.forget();
        invalidations.clear();
    }

    /** Whether every access that was in flight when this was first asked has ended. */
    private boolean isDrained() {
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
        unsettled = false;
        return true;
    }

    private boolean completeWait(Wait fetched) {
        // The drain begins after the last answer, so that it finds the page requests which functions sent before.
        if (!atc.areComplete() || !isDrained()) {
            return false;
        }
        wait = null;
        if (fetched.stores()) {
            try {
                memory.storeRelease(fetched.address(), fetched.data());
            } catch (MemoryAbortException e) {
                head = fetched.head();
                stopped = true;
                events.commandHardwareError(Ring.entryAddress(base, fetched.head()));
                return false;
            }
        }
        if (fetched.interrupts()) {
            interrupts.raise(StatusRegister.COM_WAIT_INT);
        }
        return true;
    }

    /** Fetches and carries out the command at the head; returns false if the buffer stops there. */
    private boolean fetchOne() {
        long ring = base;
        if (tail == head) {
            return false;
        }
        long at = Ring.entryAddress(ring, head);
        long word0;
        long word1;
        try {
            word0 = memory.loadAcquire(at);
            word1 = memory.loadAcquire(at + Long.BYTES);
        } catch (MemoryAbortException e) {
            stopped = true;
            events.commandHardwareError(at);
            return false;
        }
        Command command = executor.decode(word0, word1);
        if (command == null) {
            stopped = true;
            events.illegalCommand(at);
            return false;
        }
        if (command == Command.INVALIDATE_IOTLB_PAGES) {
            if (unsettled && !isDrained()) {
                return false;
            }
            invalidations.put((int) InvalidateIotlbPages.DEVICE_ID.get(word0), at);
        }
        if (command == Command.COMPLETION_WAIT) {
            wait = Wait.of(word0, word1, head);
        }
        head = Ring.next(head, ring);
        unsettled |= executor.execute(command, word0, word1);
        return true;
    }

    /** What is left to do for a COMPLETION_WAIT that was at {@code head}. */
    private record Wait(boolean stores, boolean interrupts, long address, long data, long head) {
        static Wait of(long word0, long word1, long head) {
            return new Wait(
                    CompletionWait.S.isSet(word0),
                    CompletionWait.I.isSet(word0),
                    CompletionWait.STORE_ADDRESS.getAddress(word0),
                    word1,
                    head);
        }
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
