package dev.sva4j.vendor.smmu.driver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runs of commands that callers wait for, so that an error of the queue reaches the caller whose command it is, and the errors
 * that are nobody's. Everything but the fields that say otherwise is guarded by the lock of the Command queue.
 */
final class CommandRuns {
    /** Commands at the positions {@code [start, end)} of the queue, the last of them a CMD_SYNC. */
    static final class Run {
        private final long start;
        private final long end;

        /** Set once, by whoever handles the error; read without the lock. */
        private volatile @Nullable String illegalCommand;

        /** Likewise. */
        private volatile boolean atcTimedOut;

        private Run(long start, long end) {
            this.start = start;
            this.end = end;
        }

        long end() {
            return end;
        }

        @Nullable
        String illegalCommand() {
            return illegalCommand;
        }

        boolean atcTimedOut() {
            return atcTimedOut;
        }

        boolean hasFailed() {
            return atcTimedOut || illegalCommand != null;
        }
    }

    private final List<Run> waiting = new ArrayList<>();
    private final List<String> unreported = new ArrayList<>();

    Run open(long start, long end) {
        Run run = new Run(start, end);
        waiting.add(run);
        return run;
    }

    void close(Run run) {
        waiting.remove(run);
    }

    void illegal(long position, String description) {
        Run run = at(position);
        if (run == null) {
            unreported.add(description);
        } else {
            run.illegalCommand = description;
        }
    }

    /** A CMD_SYNC that nobody waits for any more belonged to devices that have gone: then there is nobody to tell. */
    void atcTimedOut(long position) {
        Run run = at(position);
        if (run != null) {
            run.atcTimedOut = true;
        }
    }

    /** Errors of commands that nobody waited for, each once. */
    List<String> takeUnreported() {
        List<String> taken = List.copyOf(unreported);
        unreported.clear();
        return taken;
    }

    private @Nullable Run at(long position) {
        for (Run run : waiting) {
            if (position >= run.start && position < run.end) {
                return run;
            }
        }
        return null;
    }
}
