package dev.sva4j.core.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Mutual exclusion for short critical sections, with a name, not reentrant. Nothing in a critical section waits: a
 * scheduler refuses to wait or switch while its caller holds one.
 *
 * <p>That rule has two uses. Under threads it rules out that a lock is held for as long as a device likes. Under the
 * seeded scheduler tasks switch only where no lock is held, so a lock is never contended and every interleaving can be
 * chosen.
 *
 * <p>Holders are tracked only if assertions are enabled for this class ({@code -ea}, as in tests); otherwise the audit
 * costs nothing. A lock that is contended although its holder is a parked task of a seeded scheduler is an error in
 * either case, not a hang.
 */
public final class AuditedLock {
    /** Constant, so that the compiler removes the audit where assertions are off. */
    private static final boolean AUDIT = AuditedLock.class.desiredAssertionStatus();

    /** The locks that a thread holds, innermost last. Confined to its thread. */
    private static final ThreadLocal<List<AuditedLock>> HELD = ThreadLocal.withInitial(ArrayList::new);

    private final String name;
    private final Owned lock = new Owned();

    /** A lock that nobody holds; {@code name} is for error messages. */
    public AuditedLock(String name) {
        this.name = name;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /**
     * Takes the lock, waiting for its holder. Use it as
     * <pre>{@code
     * lock.lock();
     * try {
     *     …
     * } finally {
     *     lock.unlock();
     * }
     * }</pre>
     *
     * @throws IllegalStateException if the calling thread holds it already
     */
    public void lock() {
        if (!lock.tryLock()) {
            lockContended();
        } else if (lock.getHoldCount() > 1) {
            lock.unlock();
            throw new IllegalStateException("lock '" + name + "' is not reentrant and its holder asks for it again");
        }
        if (AUDIT) {
            HELD.get().add(this);
        }
    }

    /**
     * Releases the lock.
     *
     * @throws IllegalMonitorStateException if the calling thread does not hold it
     */
    public void unlock() {
        lock.unlock();
        if (AUDIT) {
            HELD.get().remove(this);
        }
    }

    /** Whether the calling thread holds it. */
    public boolean isHeldByCurrentThread() {
        return lock.isHeldByCurrentThread();
    }

    /**
     * Does nothing if assertions are off.
     *
     * @param action what the caller is about to do, e.g. "await"
     * @throws AssertionError that names the locks, if the calling thread holds any
     */
    public static void requireNoneHeld(String action) {
        if (AUDIT && !HELD.get().isEmpty()) {
            throw new AssertionError(HELD.get().stream()
                    .map(held -> "'" + held.name + "'")
                    .collect(Collectors.joining(", ", action + " while holding lock ", "")));
        }
    }

    @Override
    public String toString() {
        Thread owner = lock.owner();
        return "lock '" + name + "'" + (owner == null ? "" : " held by " + owner.getName());
    }

    private void lockContended() {
        Thread owner = lock.owner();
        if (owner != null && SeededScheduler.isParkedTask(owner)) {
            throw new AssertionError(
                    "lock '" + name + "' is wanted by " + Thread.currentThread().getName() + " while task "
                            + owner.getName() + ", which holds it, waits for its turn");
        }
        lock.lock();
    }

    /** Makes the owner visible. */
    private static final class Owned extends ReentrantLock {
        private static final long serialVersionUID = 1L;

        /** The holder, or null; a snapshot. */
        @Nullable
        Thread owner() {
            return getOwner();
        }
    }
}
