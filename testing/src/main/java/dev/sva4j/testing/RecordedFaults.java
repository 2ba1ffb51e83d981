package dev.sva4j.testing;

import dev.sva4j.api.FaultRecord;
import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.PageRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Everything that was delivered, in order: page requests and faults as they are, losses as words. */
public final class RecordedFaults implements FaultSink {
    public final List<Object> delivered = new CopyOnWriteArrayList<>();

    /** Runs with every delivery. */
    public volatile Runnable listener = () -> {};

    @Override
    public void pageRequest(PageRequest request) {
        add(request);
    }

    @Override
    public void unrecoverable(FaultRecord fault) {
        add(fault);
    }

    @Override
    public void pageRequestsLost() {
        add("pageRequestsLost");
    }

    @Override
    public void eventsLost() {
        add("eventsLost");
    }

    private void add(Object what) {
        delivered.add(what);
        listener.run();
    }
}
