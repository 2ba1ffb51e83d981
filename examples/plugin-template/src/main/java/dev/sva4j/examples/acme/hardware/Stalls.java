package dev.sva4j.examples.acme.hardware;

import dev.sva4j.examples.acme.layout.Event;
import dev.sva4j.spi.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests that wait for software. Thread-safe. */
final class Stalls {
    /** The answer of {@link #hold} if a request cannot wait. */
    static final int NONE = -1;

    private final Translator translator;
    /** By TAG of their events; guarded by this. */
    private final Map<Integer, Stalled> held = new HashMap<>();
    /** Given out last; guarded by this. All are used in turn, so that a late answer meets no new request. */
    private int lastTag;

    Stalls(Translator translator) {
        this.translator = translator;
    }

    /** Keeps a request of which {@code position} bytes are done; returns its tag. */
    synchronized int hold(Transaction transaction, int position) {
        // Off goes first and then empties this table, so nothing stays in it.
        if (!translator.isEnabled() || held.size() == Event.TAGS) {
            return NONE;
        }
        do {
            lastTag = (lastTag + 1) % Event.TAGS;
        } while (held.containsKey(lastTag));
        held.put(lastTag, new Stalled(transaction, position));
        return lastTag;
    }

    synchronized @Nullable Stalled take(int tag) {
        return held.remove(tag);
    }

    synchronized List<Stalled> takeAll() {
        List<Stalled> taken = new ArrayList<>(held.values());
        held.clear();
        return taken;
    }

    /** A request and how many of its bytes are done. */
    record Stalled(Transaction transaction, int position) {}
}
