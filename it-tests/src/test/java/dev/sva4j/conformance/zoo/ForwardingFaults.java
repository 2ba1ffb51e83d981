package dev.sva4j.conformance.zoo;

import dev.sva4j.api.FaultRecord;
import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.PageRequest;

/** Core's ear for faults, for subclasses to differ in one point. */
abstract class ForwardingFaults implements FaultSink {
    private final FaultSink to;

    ForwardingFaults(FaultSink to) {
        this.to = to;
    }

    @Override
    public void pageRequest(PageRequest request) {
        to.pageRequest(request);
    }

    @Override
    public void unrecoverable(FaultRecord fault) {
        to.unrecoverable(fault);
    }

    @Override
    public void pageRequestsLost() {
        to.pageRequestsLost();
    }

    @Override
    public void eventsLost() {
        to.eventsLost();
    }
}
