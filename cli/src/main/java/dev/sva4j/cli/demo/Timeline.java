package dev.sva4j.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** What happened and when. Thread-safe. */
final class Timeline {
    private final LongSupplier clock;
    private final long start;
    private final List<Entry> entries = new ArrayList<>();

    Timeline(LongSupplier clock) {
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /**
     * A line.
     *
     * @param nanos since the start, by the scheduler's clock
     */
    record Entry(long nanos, String text) {}

    synchronized void add(String text) {
        entries.add(new Entry(clock.getAsLong() - start, text));
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }
}
