package dev.sva4j.conformance;

import dev.sva4j.api.TraceEvent;
import dev.sva4j.api.TraceSink;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes the operation trace of a stretch of a rule. */
final class Recorder implements TraceSink {
    private final Collection<TraceEvent> events = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Consumer<TraceEvent> watcher;

    /** Records what {@code action} causes, and lets {@code each} look at tables between one store and the next. */
    List<TraceEvent> during(Runnable action, Consumer<TraceEvent> each) {
        events.clear();
        watcher = each;
        try {
            action.run();
        } finally {
            watcher = null;
        }
        return events.stream()
                .sorted(Comparator.comparingLong(TraceEvent::sequence))
                .toList();
    }

    @Override
    public void event(TraceEvent event) {
        Consumer<TraceEvent> watching = watcher;
        if (watching != null) {
            events.add(event);
            watching.accept(event);
        }
    }
}
