package dev.sva4j.spi.driver;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runs of commands that end with a wait, so that an error of the queue reaches the caller whose command it is, and the
 * errors that are nobody's. Guarded by the lock of the ring, but for what is said of the fields of a run.
 */
final class CompletionRuns {
    /** Commands at the positions {@code [start, end)} of the queue, the last of them a wait if somebody waits. */
    static final class Run {
        private final long start;
        private final long end;
        private final int word;

        /** Set once, under the lock of the queue; read without. */
        private volatile @Nullable String refusal;

        /** Likewise: whether hardware has dropped it, and is not going to complete it. */
        private volatile boolean aborted;

        /** Likewise, before {@link #aborted}: the device of which hardware says that it made it do so; 0 if it does not. */
        private volatile int timedOutDevice;

        /** Whether the waiter has gone. Guarded by the lock of the queue. */
        private boolean abandoned;

        private Run(long start, long end, int word) {
            this.start = start;
            this.end = end;
            this.word = word;
        }

        /** The status word of its wait, or {@link StatusWords#NONE}. */
        int word() {
            return word;
        }

        /** The command that hardware refused, with the reason. */
        @Nullable
        String refusal() {
            return refusal;
        }

        boolean isAborted() {
            return aborted;
        }

        int timedOutDevice() {
            return timedOutDevice;
        }

        boolean hasFailed() {
            return aborted || refusal != null;
        }
    }

    private final StatusWords words;

    /** Those whose status word is taken. */
    private final List<Run> pending = new ArrayList<>();

    private final List<String> unreported = new ArrayList<>();

    CompletionRuns(StatusWords words) {
        this.words = words;
    }

    Run add(long start, long end, int word) {
        Run run = new Run(start, end, word);
        if (word != StatusWords.NONE) {
            pending.add(run);
        }
        return run;
    }

    /** Nobody waits for it any more. Its word stays taken while hardware may still write it. */
    void forget(Run run) {
        run.abandoned = true;
        sweep();
    }

    /** Takes back the words of runs that have completed and nobody waits for. */
    void sweep() {
        for (Iterator<Run> each = pending.iterator(); each.hasNext(); ) {
            Run run = each.next();
            if (run.abandoned && words.isWritten(run.word)) {
                words.release(run.word);
                each.remove();
            }
        }
    }

    /** The command at this position was refused. */
    void refused(long position, String description) {
        for (Run run : pending) {
            if (position >= run.start && position < run.end && !run.abandoned) {
                run.refusal = description;
                return;
            }
        }
        unreported.add(description);
    }

    /**
     * Hardware has given up device-TLB invalidations, and with them every wait that was pending; it does not say which
     * invalidations (VT-d 6.5.2.11). So whatever had begun and not completed by then is to be repeated. A wait that was
     * fetched is never written; one behind {@code head} may still be.
     */
    void aborted(long head, int device) {
        for (Iterator<Run> each = pending.iterator(); each.hasNext(); ) {
            Run run = each.next();
            if (run.start < head && !words.isWritten(run.word)) {
                run.timedOutDevice = device;
                run.aborted = true;
                if (run.end <= head) {
                    words.release(run.word);
                    each.remove();
                }
            }
        }
    }

    /** Something went wrong that is nobody's. */
    void report(String what) {
        unreported.add(what);
    }

    /** What went wrong and nobody waited for, each once. */
    List<String> takeUnreported() {
        List<String> taken = List.copyOf(unreported);
        unreported.clear();
        return taken;
    }
}
