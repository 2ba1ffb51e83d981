package dev.sva4j.cli.demo;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaListener;
import dev.sva4j.spi.Scheduler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Takes the times of what core says about the exit of one process. Deaf until it knows clock and process. */
final class ExitObserver implements SvaListener {
    private static final long NOT_YET = Long.MIN_VALUE;

    private volatile @Nullable Watch watch;
    private final AtomicLong reclaimedAt = new AtomicLong(NOT_YET);
    private final AtomicLong firstCallbackAt = new AtomicLong(NOT_YET);
    private volatile long lastReturnAt = NOT_YET;
    private final AtomicLong returned = new AtomicLong();
    private final AtomicLong overflows = new AtomicLong();
    private final Set<Integer> freed = ConcurrentHashMap.newKeySet();

    private record Watch(AddressSpace process, Scheduler scheduler, Scheduler.WaitQueue changed) {}

    /** From now on: {@code process}, with times of {@code scheduler}; {@code changed} is woken at each event. */
    void watch(AddressSpace process, Scheduler scheduler, Scheduler.WaitQueue changed) {
        watch = new Watch(process, scheduler, changed);
    }

    /** Overflows of fault logs so far. */
    long overflows() {
        return overflows.get();
    }

    @Override
    public void faultsLost(String unit) {
        overflows.incrementAndGet();
    }

    @Override
    public void reclaimed(AddressSpace mm) {
        Watch to = watch;
        if (to != null && isOf(to, mm)) {
            reclaimedAt.compareAndSet(NOT_YET, to.scheduler.nanoTime());
            to.changed.wakeAll();
        }
    }

    @Override
    public void mmExitStarted(SvaBond bond) {
        Watch to = watch;
        if (to != null && isOf(to, bond.addressSpace())) {
            firstCallbackAt.compareAndSet(NOT_YET, to.scheduler.nanoTime());
        }
    }

    @Override
    public void mmExitReturned(SvaBond bond) {
        Watch to = watch;
        if (to != null && isOf(to, bond.addressSpace())) {
            lastReturnAt = to.scheduler.nanoTime();
            returned.incrementAndGet();
            to.changed.wakeAll();
        }
    }

    @Override
    public void pasidFreed(int pasid) {
        Watch to = watch;
        freed.add(pasid);
        if (to != null) {
            to.changed.wakeAll();
        }
    }

    /** By name: what a listener is shown need not be the object that the driver holds. */
    private static boolean isOf(Watch watch, AddressSpace mm) {
        return mm.name().equals(watch.process.name());
    }

    long reclaimedAt() {
        return reclaimedAt.get();
    }

    boolean hasReclaimed() {
        return reclaimedAt.get() != NOT_YET;
    }

    long callbacksReturned() {
        return returned.get();
    }

    /** From the start of the first callback to the return of the last one so far. */
    long callbackNanos() {
        return lastReturnAt == NOT_YET ? 0 : lastReturnAt - firstCallbackAt.get();
    }

    boolean isFreed(int pasid) {
        return freed.contains(pasid);
    }
}
