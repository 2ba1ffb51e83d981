package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.DW;
import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.ICS;
import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.IQA;
import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.IQEI_BAD_TAIL;
import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.IQEI_FETCH;
import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.IQEI_MISALIGNED_TAIL;
import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.IQEI_RESERVED;
import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.IQEI_TTM;
import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.IQEI_TYPE;
import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.IQEI_WIDTH;
import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.IQH;
import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.IQT;
import static dev.sva4j.vendor.vtd.layout.InvalidationQueue.IWC;

import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.MemoryAbortException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.hardware.AtcInvalidations;
import dev.sva4j.spi.hardware.Combiner;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.vendor.vtd.layout.InvalidationDescriptor;
import dev.sva4j.vendor.vtd.layout.InvalidationQueue;
import dev.sva4j.vendor.vtd.layout.InvalidationWait;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The invalidation queue (6.5.2), consumed without a thread of its own and without making anyone wait.
 *
 * <p>Whatever may let it go on calls {@link #advance}: a tail, a look at the head, the end of the accesses or of the
 * device-TLB invalidations that a descriptor waits for, an error cleared. One caller at a time consumes.
 *
 * <p>Descriptors are carried out in order, and two kinds wait. A <b>device-TLB invalidation</b> is sent when the
 * accesses and translation requests that may have used what earlier descriptors dropped have ended (6.5.2.11), or the
 * function could fetch the old translation again. An <b>inv_wait</b>, once fetched, completes when the functions have
 * answered and then every access, translation and page request that was in flight has ended; until then nothing behind
 * it is fetched, as if each had FN = 1. So its completion implies quiescence, and PD asks for nothing more.
 */
final class DescriptorQueue {
    /** Nothing is wrong with a descriptor: no IQEI that an error has. */
    private static final int FINE = InvalidationQueue.IQEI_NONE;

    private final Features features;
    private final Control control;
    private final FaultRecords faults;
    private final EventMessage event;
    private final InFlightSections sections;
    private final AtcInvalidations atc;
    private final DescriptorExecutor executor;
    private final PhysicalMemory memory;
    private final Scheduler scheduler;
    private final String taskName;
    private final boolean deferred;

    // Registers. IQH belongs to the consumer.
    private volatile long base;
    private volatile long tail;
    private volatile long head;

    /** ICS; written under the lock of this. */
    private volatile long completion;

    /** Has one thread at a time consume. */
    private final Combiner consumer = new Combiner(this::consume);

    /** Whether a task is on its way that will consume. */
    private final AtomicBoolean scheduled = new AtomicBoolean();

    // Owned by the consumer.

    /** The inv_wait that has been fetched and has not completed. */
    private @Nullable Wait wait;

    /** The wait for accesses in flight, once it has begun. */
    private @Nullable Drain drain;

    /** Whether something has been dropped from caches since the last drain. */
    private boolean unsettled;

    DescriptorQueue(
            HardwareHost host,
            Features features,
            Control control,
            FaultRecords faults,
            EventMessage event,
            InFlightSections sections,
            AtcInvalidations atc,
            DescriptorExecutor executor) {
        this.memory = host.memory();
        this.scheduler = host.scheduler();
        this.taskName = host.name() + " invalidation queue";
        this.deferred = host.behaviour().deferredCommands();
        this.features = features;
        this.control = control;
        this.faults = faults;
        this.event = event;
        this.sections = sections;
        this.atc = atc;
        this.executor = executor;
    }

    void defineRegisters(RegisterFile registers) {
        registers.define(IQA, () -> base, value -> base = IQA.afterWrite(base, value));
        registers.define(IQT, () -> tail, this::moveTail);
        registers.define(IQH, this::lookAtHead, value -> {});
        registers.define(ICS, () -> completion, value -> {
            synchronized (this) {
                completion = ICS.afterWrite(completion, value);
            }
            if (completion == 0) {
                event.withdraw();
            }
        });
    }

    private void moveTail(long value) {
        tail = IQT.afterWrite(tail, value);
        if (!deferred) {
            advance();
        } else if (scheduled.compareAndSet(false, true)) {
            scheduler.spawn(taskName, () -> {
                scheduled.set(false);
                advance();
            });
        }
    }

    private long lookAtHead() {
        advance();
        return head;
    }

    /** Consumes what can be consumed, here or on the thread that is at it already. No lock may be held. */
    void advance() {
        consumer.run();
    }

    /** Whether a thread is at it. */
    boolean isConsuming() {
        return consumer.isRunning();
    }

    private void consume() {
        boolean more = true;
        while (more) {
            if (!control.isQueueEnabled()) {
                reset();
                return;
            }
            int late = atc.takeExpired();
            if (late != AtcInvalidations.NONE) {
                // Waits that have been fetched are aborted (6.5.2.10): software resubmits.
                wait = null;
                drain = null;
                faults.invalidationTimedOut(late);
            }
            more = wait != null ? completeWait(wait) : fetchOne();
        }
    }

    /** What turning the queue off does. */
    private void reset() {
        wait = null;
        drain = null;
        atc.forget();
        head = 0;
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
        if (fetched.writesStatus()) {
            try {
                memory.store32(fetched.address(), fetched.data());
            } catch (MemoryAbortException e) {
                // A posted write to nowhere: nobody learns of it.
            }
        }
        if (fetched.interrupts()) {
            signal();
        }
        return true;
    }

    private void signal() {
        boolean first;
        synchronized (this) {
            first = !IWC.isSet(completion);
            completion = IWC.put(completion, true);
        }
        if (first) {
            event.raise();
        }
    }

    /** Fetches and carries out the descriptor at the head; returns false if the queue stops there. */
    private boolean fetchOne() {
        long queue = base;
        if (faults.isQueueStopped() || tail == head) {
            return false;
        }
        Settings.Mode mode = control.settings().mode();
        int error = checkQueue(queue, mode);
        if (error != FINE) {
            return stop(error);
        }
        long[] words = new long[InvalidationDescriptor.WORDS];
        try {
            long at = InvalidationQueue.descriptorAddress(queue, head);
            for (int word = 0; word < InvalidationQueue.descriptorBytes(queue) / Long.BYTES; word++) {
                words[word] = memory.loadAcquire(at + (long) word * Long.BYTES);
            }
        } catch (MemoryAbortException e) {
            return stop(IQEI_FETCH);
        }
        InvalidationDescriptor type = executor.decode(words[0], mode);
        if (type == null) {
            return stop(IQEI_TYPE);
        }
        if (!executor.isLegal(type, words)) {
            return stop(IQEI_RESERVED);
        }
        if (DescriptorExecutor.goesToDevice(type) && unsettled && !isDrained()) {
            return false;
        }
        head = InvalidationQueue.next(head, queue);
        if (type == InvalidationDescriptor.INV_WAIT) {
            wait = Wait.of(words);
        } else {
            unsettled |= executor.execute(type, words, mode);
        }
        return true;
    }

    /** Whether descriptors can be fetched at all: FINE, or why not. */
    private int checkQueue(long queue, Settings.Mode mode) {
        if (mode == Settings.Mode.INVALID) {
            return IQEI_TTM;
        }
        boolean wide = DW.isSet(queue);
        boolean needsWide = mode != Settings.Mode.LEGACY;
        boolean knowsWide = features.scalable || features.abortMode;
        if ((needsWide && !wide) || (wide && !knowsWide)) {
            return IQEI_WIDTH;
        }
        if (tail % InvalidationQueue.descriptorBytes(queue) != 0) {
            return IQEI_MISALIGNED_TAIL;
        }
        return tail >= InvalidationQueue.bytes(queue) ? IQEI_BAD_TAIL : FINE;
    }

    /** Stops at the descriptor with an error: the head stays on it. */
    private boolean stop(int iqei) {
        faults.queueError(iqei);
        return false;
    }

    /** What is left to do for an inv_wait. */
    private record Wait(boolean writesStatus, boolean interrupts, long address, int data) {
        static Wait of(long[] words) {
            return new Wait(
                    InvalidationWait.SW.isSet(words[0]),
                    InvalidationWait.IF.isSet(words[0]),
                    InvalidationWait.ADDRESS.getAddress(words[1]),
                    (int) InvalidationWait.DATA.get(words[0]));
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
