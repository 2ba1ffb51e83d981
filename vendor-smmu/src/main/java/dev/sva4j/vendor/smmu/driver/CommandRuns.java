package dev.sva4j.vendor.smmu.driver;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runs of commands that callers wait for, so that an error of the queue reaches the caller whose command it is, and
 * the errors that are nobody's. Guarded by the lock of the Command queue, but for what is said of the fields of a run.
 */
final class CommandRuns {
    /** Commands at the positions {@code [start, end)} of the queue, the last of them a CMD_SYNC if somebody waits. */
    static final class Run {
        private final long start;
        private final long end;

        /** Set once, under the lock of the queue; read without. */
        private volatile @Nullable String illegalCommand;

        /** Likewise. */
        private volatile boolean atcTimedOut;

        /** Likewise. */
        private volatile boolean interrupted;

        private Run(long start, long end) {
            this.start = start;
            this.end = end;
        }

        long end() {
            return end;
        }

        boolean contains(long position) {
            return position >= start && position < end;
        }

        /** The command that hardware refused, with the reason. */
        @Nullable
        String illegalCommand() {
            return illegalCommand;
        }

        /** Whether a device did not acknowledge in the time that hardware gives it. */
        boolean hasAtcTimedOut() {
            return atcTimedOut;
        }

        /** Whether hardware may have forgotten which of its ATC invalidations are unacknowledged. */
        boolean isInterrupted() {
            return interrupted;
        }

        boolean hasFailed() {
            return atcTimedOut || illegalCommand != null;
        }
    }

    private final List<Run> waitedFor = new ArrayList<>();
    private final List<String> unreported = new ArrayList<>();

    Run add(long start, long end, boolean isWaitedFor) {
        Run run = new Run(start, end);
        if (isWaitedFor) {
            waitedFor.add(run);
        }
        return run;
    }

    void remove(Run run) {
        waitedFor.remove(run);
    }

    /** The command at this position was refused. */
    void illegal(long position, String description) {
        Run run = at(position);
        if (run == null) {
            unreported.add(description);
        } else {
            run.illegalCommand = description;
        }
    }

    /**
     * ATC invalidations before the CMD_SYNC at this position were not acknowledged. If nobody waits for it any more, it
     * was given up because the devices have gone.
     */
    void atcTimedOut(long position) {
        Run run = at(position);
        if (run != null) {
            run.atcTimedOut = true;
        }
    }

    /** The queue was disabled at this position for the sake of {@code cause}. */
    void interrupt(long position, Run cause) {
        Run run = at(position);
        if (run != null && run != cause) {
            run.interrupted = true;
        }
    }

    /** Refusals of commands that nobody waited for, each once. */
    List<String> takeUnreported() {
        List<String> taken = List.copyOf(unreported);
        unreported.clear();
        return taken;
    }

    private @Nullable Run at(long position) {
        for (Run run : waitedFor) {
            if (run.contains(position)) {
                return run;
            }
        }
        return null;
    }
}
