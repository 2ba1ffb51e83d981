package dev.sva4j.core.bond;

import dev.sva4j.api.BondState;
import dev.sva4j.api.MmExitHandler;
import dev.sva4j.core.event.Listeners;
import dev.sva4j.spi.Scheduler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Runs the exit callbacks of one device, and knows which are running. Nobody in the exit path waits for them, except
 * under the policy that asks for it.
 */
final class ExitCallbacks {
    private final MmExitHandler handler;
    private final Scheduler scheduler;
    private final Listeners listeners;
    private final Scheduler.WaitQueue ended;

    // Callbacks that were promised a task or are running; changed by those tasks.
    private final List<Bond> running = new CopyOnWriteArrayList<>();

    ExitCallbacks(String device, MmExitHandler handler, Scheduler scheduler, Listeners listeners) {
        this.handler = handler;
        this.scheduler = scheduler;
        this.listeners = listeners;
        this.ended = scheduler.newWaitQueue("exit callbacks of " + device);
    }

    /** Runs the callback on this thread. */
    void runNow(Bond bond) {
        running.add(bond);
        call(bond);
    }

    /** Runs the callback on a task of its own, unless the driver unbinds before it starts; then {@code afterwards}. */
    void spawn(Bond bond, Runnable afterwards) {
        running.add(bond);
        scheduler.spawn(
                "mm_exit of " + bond.boundDevice().spec().name() + " for "
                        + bond.addressSpace().name(),
                () -> {
                    if (bond.state() == BondState.QUIESCED) {
                        call(bond);
                        afterwards.run();
                    } else {
                        running.remove(bond);
                        ended.wakeAll();
                    }
                });
    }

    private void call(Bond bond) {
        listeners.mmExitStarted(bond);
        try {
            handler.mmExit(bond);
        } catch (RuntimeException | AssertionError e) {
            listeners.mmExitFailed(bond, e);
        } finally {
            running.remove(bond);
            ended.wakeAll();
            listeners.mmExitReturned(bond);
        }
    }

    /** Waits for all of them; those that are still running when the deadline passes. */
    List<Bond> awaitEnd(long deadline) {
        ended.await(running::isEmpty, deadline);
        return List.copyOf(running);
    }
}
