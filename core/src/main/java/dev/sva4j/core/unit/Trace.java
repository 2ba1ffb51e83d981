package dev.sva4j.core.unit;

import dev.sva4j.api.TraceEvent;
import dev.sva4j.api.TraceSink;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers trace events and passes them on. Thread-safe: the number is drawn when the event happens, so that sorting by
 * it gives an order which agrees with each thread's own.
 */
public final class Trace {
    private final TraceSink sink;
    private final AtomicLong next = new AtomicLong();

    public Trace(TraceSink sink) {
        this.sink = sink;
    }

    void event(String unit, TraceEvent.Kind kind, long address, long value, int size, String detail) {
        sink.event(new TraceEvent(next.getAndIncrement(), unit, kind, address, value, size, detail));
    }
}
