package dev.sva4j.spi.driver;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The entries and registers of a queue of commands whose completion hardware writes to memory: the invalidation queue of
 * VT-d, the command buffer of AMD-Vi. Nothing here waits.
 *
 * <p>Commands are counted from the start of the queue in 64 bits, and a position is such a count. The head register says how
 * far hardware has got, which frees entries; that something is complete only the status word of its wait says.
 *
 * <p>What an architecture adds is where an entry is, what a wait looks like, how its registers are read and written, and what
 * becomes of an error. All of it is called with the lock held, unless it says otherwise, and does not wait.
 *
 * @since 0.2.0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.2.0")
public abstract class CompletionRing {
    /**
     * How a run of commands ends.
     *
     * @since 0.2.0
     */
    @API(status = API.Status.EXPERIMENTAL, since = "0.2.0")
    public enum Ending {
        /** Nobody waits. */
        NONE,
        /** A wait that writes its status. */
        WAIT,
        /** The same, and the page requests that were received before are in their queue by then, where there is such a wait. */
        WAIT_FOR_PAGE_REQUESTS
    }

    /** A queue that stops so many times at the same place is given up: its memory is gone, or its mode is wrong. */
    private static final int ATTEMPTS = 3;

    private final Unit unit;
    private final StatusWords words;
    private final long size;

    /** Held for stores to the queue and its registers, never at a wait. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Position of the next command. Written under {@link #lock}, as is the tail, which therefore never moves back. */
    private volatile long produced;

    /** Hardware is past every position below; it may be further. Written under {@link #lock}. */
    private volatile long fetched;

    /** Set under {@link #lock} when the queue has stopped for good: why. */
    private volatile String hopeless = "";

    /** Guarded by {@link #lock}. */
    private final CompletionRuns runs;

    /** Where the queue stopped last. Guarded by {@link #lock}. */
    private long stoppedAt = -1;

    /** How often it has stopped there. Guarded by {@link #lock}. */
    private int stops;

    /**
     * Allocates the status words.
     *
     * @param size how many entries there are; one of them stays unused
     */
    protected CompletionRing(Unit unit, TableMemory memory, long size) {
        this.unit = unit;
        this.words = new StatusWords(memory);
        this.runs = new CompletionRuns(words);
        this.size = size;
    }

    /** Stores a command at a position. */
    protected abstract void store(long position, long word0, long word1);

    /** Stores a wait at a position, which makes hardware write {@code data} to {@code address}. */
    protected abstract void storeWait(long position, long address, int data, boolean forPageRequests);

    /** Shows hardware everything below a position. */
    protected abstract void publish(long produced);

    /** How many entries the head register is beyond a position. Called without the lock too. */
    protected abstract long distanceFrom(long position);

    /** The command at a position in words and as it is, for messages. */
    protected abstract String describe(long position);

    /** The same for a command that is not in the queue. Called without the lock. */
    protected abstract String describe(long word0, long word1);

    /** Whether hardware shows an error that {@link #recover} has to deal with. Called without the lock. */
    protected abstract boolean showsError();

    /** Deals with what {@link #showsError} tells of, and gets the queue going again. */
    protected abstract void recover();

    /**
     * The queue stands at a command that hardware refuses. That is a mistake of the driver: a wait that nobody waits for takes
     * its place, so that the others go on, and the mistake is reported to whoever waits for it. The status of that wait goes to
     * a word that is nobody's.
     *
     * @param why ends the sentence "hardware refuses this command"
     * @param fetchFailed whether the command is not to blame, and stays
     * @return whether it makes sense to go on
     */
    protected final boolean skipRefused(String why, boolean fetchFailed) {
        stops = stoppedAt == fetched ? stops + 1 : 1;
        stoppedAt = fetched;
        String description = String.format("%s: hardware refuses %s (%s)", unit.name(), describe(fetched), why);
        if (stops >= ATTEMPTS || fetched == produced) {
            hopeless = description;
            return false;
        }
        if (!fetchFailed) {
            runs.refused(fetched, description);
            int word = StatusWords.spare();
            storeWait(fetched, words.address(word), words.data(word), false);
        }
        return true;
    }

    /** Hardware has dropped every wait that it had seen and not completed, because this device did not answer; 0 for any. */
    protected final void abortRuns(int device) {
        runs.aborted(fetched, device);
    }

    /** Something went wrong that is nobody's. */
    protected final void report(String what) {
        runs.report(what);
    }

    /** How far hardware has got, as last seen. */
    protected final long fetched() {
        return fetched;
    }

    /** Position of the next command. */
    protected final long produced() {
        return produced;
    }

    /** The queue is about to be switched off, which may reset the head: it is not looked at any more, whoever comes late. */
    final void stop() {
        lock.lock();
        try {
            hopeless = "the driver is closed";
        } finally {
            lock.unlock();
        }
    }

    /** A condition to wait for: whether hardware is past all there is. */
    final boolean isEmpty() {
        return observe() == produced;
    }

    /**
     * Appends commands {@code [from, to)} of a batch and their ending in one piece.
     *
     * @return where they are, or null if there is no room now
     */
    final CompletionRuns.@Nullable Run append(CommandBatch batch, int from, int to, Ending ending) {
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
                storeWait(position++, words.address(word), words.data(word), ending == Ending.WAIT_FOR_PAGE_REQUESTS);
            }
            produced = position;
            // Before hardware can see the commands, so that an error that they cause finds whose they are.
            CompletionRuns.Run run = runs.add(start, position, word);
            publish(position);
            return run;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits for the run any more. */
    final void forget(CompletionRuns.Run run) {
        lock.lock();
        try {
            runs.forget(run);
        } finally {
            lock.unlock();
        }
    }

    /** A condition to wait for: whether so many commands may find room. */
    final boolean mayHaveRoom(int commands) {
        return (room(observe()) >= commands && !words.isExhausted()) || isStopped() || isErrorActive();
    }

    /** A condition to wait for: whether {@link #attend} would find that the run has ended, or something to do. */
    final boolean needsAttention(CompletionRuns.Run run) {
        return run.hasFailed() || isComplete(run) || isStopped() || isErrorActive();
    }

    /** Whether hardware has completed a run that has not failed. */
    final boolean isComplete(CompletionRuns.Run run) {
        return words.isWritten(run.word());
    }

    /** Whether the queue will never go on. */
    final boolean isStopped() {
        return !hopeless.isEmpty();
    }

    /** Why not. */
    final String reasonOfStop() {
        return hopeless;
    }

    /** Whether the queue has an error that {@link #attend} has not dealt with. */
    final boolean isErrorActive() {
        return !isStopped() && showsError();
    }

    /** Takes notice of what hardware has done, and gets the queue going again after an error. */
    final void attend() {
        lock.lock();
        try {
            if (isStopped()) {
                return;
            }
            refresh();
            if (showsError()) {
                recover();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What went wrong and nobody waited for, each once. */
    final List<String> takeUnreported() {
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
     * How far hardware has got, for conditions: without the lock and without a side effect. The head says how much further
     * it is than {@link #fetched}, provided that this has not moved in between.
     */
    private long observe() {
        while (true) {
            long before = fetched;
            long distance = distanceFrom(before);
            if (fetched == before) {
                return before + distance;
            }
        }
    }

    /** Brings {@link #fetched} up to date. The lock is held. */
    private void refresh() {
        long position = fetched + distanceFrom(fetched);
        if (position > produced) {
            throw new IllegalStateException(String.format(
                    "%s: the head of the queue is %d entries beyond its tail: the hardware is gone or broken",
                    unit.name(), position - produced));
        }
        fetched = position;
    }
}
