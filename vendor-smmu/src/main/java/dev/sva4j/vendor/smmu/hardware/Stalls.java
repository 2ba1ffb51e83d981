package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that wait for software after a fault (§3.12.2). A table only: what becomes of a transaction that is
 * taken out is the {@link DataPath}'s.
 *
 * <p>At most IDR5.STALL_MAX have a STAG and an event at a time. More than that wait without either, and are translated
 * anew when a STAG becomes free.
 */
final class Stalls {
    private static final int STAGS = 1 << 16;

    private final Control control;
    private final EventQueue events;
    private final int limit;

    /** Stalled transactions by StreamID and STAG; guarded by this. */
    private final Map<Long, Stalled> outstanding = new HashMap<>();

    /** Transactions beyond the limit, in order of arrival; guarded by this. */
    private final Deque<Stalled> waiting = new ArrayDeque<>();

    /**
     * The STAG given out last; guarded by this. All are used in turn, so that a late answer meets no new transaction.
     */
    private int lastStag;

    /** Guarded by this. */
    private boolean closed;

    Stalls(Control control, EventQueue events, Features features) {
        this.control = control;
        this.events = events;
        this.limit = Math.min(features.stallMax, STAGS / 2);
    }

    /**
     * Holds a transaction and records its event.
     *
     * @param position bytes that are done
     * @param event its record but for Stall and STAG
     * @return false if there is nothing left to wait for: the SMMU has been disabled or closed meanwhile
     */
    boolean hold(Transaction transaction, int position, long[] event) {
        int stag;
        synchronized (this) {
            // Disabling changes the settings first and then empties this table.
            if (closed || !control.settings().enabled()) {
                return false;
            }
            Stalled stalled = new Stalled(transaction, position);
            if (outstanding.size() >= limit) {
                waiting.add(stalled);
                return true;
            }
            long sid = Integer.toUnsignedLong(transaction.requester());
            do {
                lastStag = (lastStag + 1) % STAGS;
            } while (outstanding.containsKey(key(sid, lastStag)));
            stag = lastStag;
            outstanding.put(key(sid, stag), stalled);
        }
        events.recordStall(EventRecords.stalled(event, stag));
        return true;
    }

    /** Takes out the transaction with this STAG, if there is one. */
    synchronized @Nullable Stalled take(long sid, long stag) {
        return outstanding.remove(key(sid, stag));
    }

    /** Takes out all transactions of a stream. */
    List<Stalled> takeStream(long sid) {
        List<Stalled> taken = new ArrayList<>();
        synchronized (this) {
            outstanding.values().removeIf(stalled -> takeIfOf(sid, stalled, taken));
            waiting.removeIf(stalled -> takeIfOf(sid, stalled, taken));
        }
        events.discardStalls(event -> EventQueue.isOfStream(event, sid));
        return taken;
    }

    private static boolean takeIfOf(long sid, Stalled stalled, List<Stalled> taken) {
        boolean match = Integer.toUnsignedLong(stalled.transaction().requester()) == sid;
        if (match) {
            taken.add(stalled);
        }
        return match;
    }

    /** Takes out all transactions. */
    List<Stalled> takeAll() {
        List<Stalled> taken;
        synchronized (this) {
            taken = new ArrayList<>(outstanding.values());
            taken.addAll(waiting);
            outstanding.clear();
            waiting.clear();
        }
        events.discardStalls(event -> true);
        return taken;
    }

    /** Takes out one that waits for a STAG, if there is one now. */
    synchronized @Nullable Stalled takeWaiting() {
        return outstanding.size() < limit ? waiting.poll() : null;
    }

    /** Holds nothing any more from now on. */
    synchronized void close() {
        closed = true;
    }

    private static long key(long sid, long stag) {
        return sid * STAGS + stag;
    }

    /** A transaction and how many of its bytes are done. */
    record Stalled(Transaction transaction, int position) {}
}
