package dev.sva4j.core.event;

import java.util.concurrent.atomic.LongAdder;

/** What the fault path counts, where it happens. Thread-safe. */
public final class FaultCounters {
    public final LongAdder fromHardware = new LongAdder();
    public final LongAdder reported = new LongAdder();
    public final LongAdder dropped = new LongAdder();
    public final LongAdder pageRequests = new LongAdder();
    public final LongAdder pageGroups = new LongAdder();
    public final LongAdder success = new LongAdder();
    public final LongAdder invalid = new LongAdder();
    public final LongAdder failure = new LongAdder();
    public final LongAdder discarded = new LongAdder();
}
