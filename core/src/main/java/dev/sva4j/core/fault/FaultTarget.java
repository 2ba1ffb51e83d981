package dev.sva4j.core.fault;

import dev.sva4j.api.BondState;
import dev.sva4j.core.mm.ProcessMm;
import dev.sva4j.spi.Scheduler;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What faults of one (device, PASID) concern: the bond behind it. A page request is resolved against the target that
 * was there when it arrived, whatever is bound later (I24).
 */
public abstract class FaultTarget {
    private final Scheduler.WaitQueue drained;

    // Groups that are queued or being handled. Raised before the state is looked at, lowered after the answer was sent.
    private final AtomicInteger groups = new AtomicInteger();

    protected FaultTarget(String name, Scheduler scheduler) {
        this.drained = scheduler.newWaitQueue("page-request groups of " + name);
    }

    /** Where the bond is in its life. */
    public abstract BondState state();

    /** The address space that resolves its page requests. */
    protected abstract ProcessMm mm();

    /** Counts a group in, if it may be handled at all. */
    final boolean tryBegin() {
        groups.incrementAndGet();
        if (state() == BondState.BOUND) {
            return true;
        }
        end();
        return false;
    }

    final void end() {
        if (groups.decrementAndGet() == 0) {
            drained.wakeAll();
        }
    }

    /** Waits until every group that arrived before has been answered. No new one begins unless the bond is bound. */
    public final void awaitDrained() {
        drained.await(() -> groups.get() == 0, Scheduler.NEVER);
    }
}
