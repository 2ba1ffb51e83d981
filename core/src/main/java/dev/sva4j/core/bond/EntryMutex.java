package dev.sva4j.core.bond;

import dev.sva4j.spi.Scheduler;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Serialises what changes the entries of one address space: set, quiesce, clear. Unlike a lock it may be held while
 * commands complete, and that of a process for nothing longer: not while a callback runs, not while page requests are
 * drained. So exit, which takes it, waits for commands only (I31, I34). Where there is no process there is no exit, and
 * draining under it keeps nobody waiting who must not wait.
 *
 * <p>Order: that of a device's untagged traffic comes before that of an address space.
 */
final class EntryMutex {
    private final AtomicBoolean held = new AtomicBoolean();
    private final Scheduler.WaitQueue queue;

    EntryMutex(String name, Scheduler scheduler) {
        this.queue = scheduler.newWaitQueue("entries of " + name);
    }

    void acquire() {
        while (!held.compareAndSet(false, true)) {
            queue.await(() -> !held.get(), Scheduler.NEVER);
        }
    }

    void release() {
        held.set(false);
        queue.wakeAll();
    }
}
