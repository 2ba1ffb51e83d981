package dev.sva4j.core.schedule;

import dev.sva4j.spi.Scheduler;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Wait queue of the {@link ThreadScheduler}: a lock and its condition, and a count of announcements.
 *
 * <p>Conditions are evaluated outside the lock: they may take locks that a caller of {@link #wakeAll} holds. No
 * announcement is lost, because the count is read before the condition is evaluated, and a waiter blocks only while the
 * count is still the same. Waking when nobody waits is one atomic increment and takes no lock: count and number of
 * waiters are sequentially consistent, so either the waker sees the waiter or the waiter sees the new count.
 *
 * <p>Thread-safe.
 */
final class ThreadWaitQueue implements Scheduler.WaitQueue {
    private final ThreadScheduler scheduler;

    /** What is awaited, for messages. */
    private final String description;

    /**
     * Number of announcements. Anyone increments it, waiters that may block do so under {@link #lock} only after
     * re-reading it.
     */
    private final AtomicLong announcements = new AtomicLong();

    /** Number of threads past the first evaluation of their condition. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** Held for the moment of blocking and of waking, never while other code runs. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition announced = lock.newCondition();

    ThreadWaitQueue(ThreadScheduler scheduler, String description) {
        this.scheduler = scheduler;
        this.description = description;
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadline) {
        AuditedLock.requireNoneHeld("await");
        if (condition.getAsBoolean()) {
            return true;
        }
        Waiter waiter = new Waiter(this);
        boolean interrupted = false;
        waiting.incrementAndGet();
        scheduler.blocks(waiter);
        try {
            while (true) {
                long seen = announcements.get();
                if (condition.getAsBoolean()) {
                    return true;
                }
                scheduler.failIfCancelled(description);
                if (deadline != Scheduler.NEVER && scheduler.nanoTime() >= deadline) {
                    return false;
                }
                interrupted |= block(seen, deadline);
            }
        } finally {
            scheduler.unblocks(waiter);
            waiting.decrementAndGet();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void wakeAll() {
        announcements.getAndIncrement();
        if (waiting.get() != 0) {
            lock.lock();
            try {
                announced.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public String toString() {
        return description;
    }

    /**
     * Blocks until the count differs from {@code seen} or the deadline has passed; says whether an interrupt was
     * swallowed.
     */
    private boolean block(long seen, long deadline) {
        boolean interrupted = false;
        lock.lock();
        try {
            while (announcements.get() == seen) {
                try {
                    if (deadline == Scheduler.NEVER) {
                        announced.await();
                    } else if (announced.awaitNanos(deadline - scheduler.nanoTime()) <= 0) {
                        break;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            lock.unlock();
        }
        return interrupted;
    }

    /** One wait in one queue; compared by identity. */
    static final class Waiter {
        private final ThreadWaitQueue queue;

        Waiter(ThreadWaitQueue queue) {
            this.queue = queue;
        }

        ThreadWaitQueue queue() {
            return queue;
        }
    }
}
