package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.vtd.layout.FaultStatus;
import dev.sva4j.vendor.vtd.layout.InvalidationDescriptor;
import dev.sva4j.vendor.vtd.layout.InvalidationQueue;
import dev.sva4j.vendor.vtd.layout.InvalidationWait;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The entries and registers of the invalidation queue (VT-d 6.5.2). Nothing here waits.
 *
 * <p>Descriptors are counted from the start of the queue in 64 bits, and a position is such a count. IQH says how far
 * hardware has fetched, which frees entries; that something is complete only the status word of its inv_wait says.
 */
final class DescriptorRing {
    /** How a run of descriptors ends. */
    enum Ending {
        /** Nobody waits. */
        NONE,
        /** An inv_wait that writes its status. */
        WAIT,
        /** The same, and the page requests that were received before are in the queue by then (VT-d 7.11). */
        WAIT_FOR_PAGE_REQUESTS
    }

    /** Two pages, 256 descriptors, as in Linux: several times the longest run ({@link DescriptorQueue#LONGEST_RUN}). */
    private static final int QS = 1;

    /** A queue that stops so many times at the same place is given up: its memory is gone, or its mode is wrong. */
    private static final int ATTEMPTS = 3;

    private final Unit unit;
    private final TableMemory memory;
    private final StatusWords words;

    /** IQA. */
    private final long iqa;

    private final long size;

    /** Held for stores to the queue and its registers, never at a wait. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Position of the next descriptor. Written under {@link #lock}, as is IQT, which therefore never moves back. */
    private volatile long produced;

    /** Every position below has been fetched; IQH may be further. Written under {@link #lock}. */
    private volatile long fetched;

    /** Set under {@link #lock} when the queue has stopped for good: why. */
    private volatile String hopeless = "";

    /** Guarded by {@link #lock}. */
    private final DescriptorRuns runs;

    /** Where the queue stopped last. Guarded by {@link #lock}. */
    private long stoppedAt = -1;

    /** How often it has stopped there. Guarded by {@link #lock}. */
    private int stops;

    /** Allocates the queue. */
    DescriptorRing(Unit unit, TableMemory memory) {
        this.unit = unit;
        this.memory = memory;
        this.words = new StatusWords(memory);
        this.runs = new DescriptorRuns(words);
        long shape = InvalidationQueue.encode(0, true, QS);
        long base = memory.allocate(InvalidationQueue.bytes(shape), "the invalidation queue");
        this.iqa = InvalidationQueue.encode(base, true, QS);
        this.size = InvalidationQueue.entries(iqa);
    }

    /** Programs tail and base; the queue is still disabled. Hardware has set IQH to 0. */
    void program() {
        unit.write(InvalidationQueue.IQT, 0);
        unit.write(InvalidationQueue.IQA, iqa);
    }

    /** The queue is about to be switched off, which resets IQH: it is not looked at any more, whoever comes late. */
    void stop() {
        lock.lock();
        try {
            hopeless = "the driver is closed";
        } finally {
            lock.unlock();
        }
    }

    /** A condition to wait for: whether hardware has fetched all there is. */
    boolean isEmpty() {
        return unit.read(InvalidationQueue.IQH) == unit.read(InvalidationQueue.IQT);
    }

    /**
     * Appends descriptors {@code [from, to)} of a batch and their ending in one piece.
     *
     * @return where they are, or null if there is no room now
     */
    DescriptorRuns.@Nullable Run append(CommandBatch batch, int from, int to, Ending ending) {
        int needed = to - from + (ending == Ending.NONE ? 0 : 1);
        lock.lock();
        try {
            if (isStopped()) {
                return null;
            }
            refresh();
            if (room(fetched) < needed) {
                return null;
            }
            int word = StatusWords.NONE;
            if (ending != Ending.NONE) {
                runs.sweep();
                word = words.acquire();
                if (word == StatusWords.NONE) {
                    return null;
                }
            }
            long start = produced;
            long position = start;
            for (int i = from; i < to; i++) {
                store(position++, batch.word0(i), batch.word1(i));
            }
            if (ending != Ending.NONE) {
                store(
                        position++,
                        InvalidationWait.statusWord0(words.data(word), ending == Ending.WAIT_FOR_PAGE_REQUESTS),
                        InvalidationWait.statusWord1(words.address(word)));
            }
            produced = position;
            // Before hardware can see the descriptors, so that an error that they cause finds whose they are.
            DescriptorRuns.Run run = runs.add(start, position, word);
            publish();
            return run;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits for the run any more. */
    void forget(DescriptorRuns.Run run) {
        lock.lock();
        try {
            runs.forget(run);
        } finally {
            lock.unlock();
        }
    }

    /** A condition to wait for: whether so many descriptors may find room. */
    boolean mayHaveRoom(int descriptors) {
        return (room(observe()) >= descriptors && !words.isExhausted()) || isStopped() || isErrorActive();
    }

    /** A condition to wait for: whether {@link #attend} would find that the run has ended, or something to do. */
    boolean needsAttention(DescriptorRuns.Run run) {
        return run.hasFailed() || isComplete(run) || isStopped() || isErrorActive();
    }

    /** Whether hardware has completed a run that has not failed. */
    boolean isComplete(DescriptorRuns.Run run) {
        return words.isWritten(run.word());
    }

    /** Whether the queue will never go on. */
    boolean isStopped() {
        return !hopeless.isEmpty();
    }

    /** Why not. */
    String reasonOfStop() {
        return hopeless;
    }

    /** Whether the queue has an error that {@link #attend} has not dealt with. */
    boolean isErrorActive() {
        long fsts = unit.read(FaultStatus.FSTS);
        return !isStopped()
                && (FaultStatus.IQE.isSet(fsts) || FaultStatus.ITE.isSet(fsts) || FaultStatus.ICE.isSet(fsts));
    }

    /** Takes notice of what hardware has done, and gets the queue going again after an error (VT-d 6.5.2.11). */
    void attend() {
        lock.lock();
        try {
            if (isStopped()) {
                return;
            }
            refresh();
            long fsts = unit.read(FaultStatus.FSTS);
            if (FaultStatus.IQE.isSet(fsts)) {
                skipRefused();
            }
            if (FaultStatus.ITE.isSet(fsts)) {
                runs.aborted(fetched, (int) InvalidationQueue.ITESID.get(unit.read(InvalidationQueue.IQERCD)));
                restart(FaultStatus.ITE);
            }
            if (FaultStatus.ICE.isSet(fsts)) {
                runs.report(String.format(
                        "%s: device 0x%x has completed an invalidation that was not under way",
                        unit.name(), InvalidationQueue.ICESID.get(unit.read(InvalidationQueue.IQERCD))));
                unit.write(FaultStatus.FSTS, FaultStatus.ICE.encode(true));
            }
        } finally {
            lock.unlock();
        }
    }

    /** What went wrong and nobody waited for, each once. */
    List<String> takeUnreported() {
        lock.lock();
        try {
            return runs.takeUnreported();
        } finally {
            lock.unlock();
        }
    }

    /** One entry stays unused. */
    private long room(long fetchedSoFar) {
        return size - 1 - (produced - fetchedSoFar);
    }

    /**
     * How far hardware has got, for conditions: without the lock and without a side effect. IQH says how much further it
     * is than {@link #fetched}, provided that this has not moved in between.
     */
    private long observe() {
        while (true) {
            long before = fetched;
            long distance = distanceTo(unit.read(InvalidationQueue.IQH), before);
            if (fetched == before) {
                return before + distance;
            }
        }
    }

    /** Brings {@link #fetched} up to date. The lock is held. */
    private void refresh() {
        long iqh = unit.read(InvalidationQueue.IQH);
        long position = fetched + distanceTo(iqh, fetched);
        if (position > produced) {
            throw new IllegalStateException(String.format(
                    "%s: IQH is 0x%x, beyond IQT 0x%x: the hardware is gone or broken",
                    unit.name(), iqh, InvalidationQueue.offset(produced, iqa)));
        }
        fetched = position;
    }

    private long distanceTo(long iqh, long position) {
        return InvalidationQueue.distance(InvalidationQueue.offset(position, iqa), iqh, iqa);
    }

    /**
     * The queue stands at a descriptor that hardware refuses ({@code qi_check_fault}). That is a mistake of this driver: a
     * wait that nobody waits for takes its place, so that the others go on, and the mistake is reported to whoever waits
     * for it. The lock is held.
     *
     * <p>A wait with neither SW nor IF would do, but some models refuse it. So it writes a status, to a word that is
     * nobody's.
     */
    private void skipRefused() {
        stops = stoppedAt == fetched ? stops + 1 : 1;
        stoppedAt = fetched;
        long iqei = InvalidationQueue.IQEI.get(unit.read(InvalidationQueue.IQERCD));
        long address = address(fetched);
        String description = String.format(
                "%s: hardware refuses %s (IQERCD.IQEI %d)",
                unit.name(), describe(memory.load(address), memory.load(address + Long.BYTES)), iqei);
        if (stops >= ATTEMPTS || fetched == produced) {
            hopeless = description;
            return;
        }
        if (iqei != InvalidationQueue.IQEI_FETCH) {
            runs.refused(fetched, description);
            int word = StatusWords.spare();
            store(
                    fetched,
                    InvalidationWait.statusWord0(words.data(word), false),
                    InvalidationWait.statusWord1(words.address(word)));
        }
        restart(FaultStatus.IQE);
    }

    /** Clears the error. Some models look at the queue again only when IQT is written. The lock is held. */
    private void restart(BitField error) {
        unit.write(FaultStatus.FSTS, error.encode(true));
        publish();
    }

    private void publish() {
        unit.write(InvalidationQueue.IQT, InvalidationQueue.offset(produced, iqa));
    }

    private void store(long position, long word0, long word1) {
        memory.store(address(position), new long[] {word0, word1, 0, 0});
    }

    private long address(long position) {
        return InvalidationQueue.descriptorAddress(iqa, InvalidationQueue.offset(position, iqa));
    }

    /** A descriptor in words and as it is. */
    static String describe(long word0, long word1) {
        InvalidationDescriptor descriptor = InvalidationDescriptor.of(word0);
        return String.format(
                "%s %016x %016x",
                descriptor == null ? "unknown descriptor" : descriptor.layout().name(), word0, word1);
    }
}
