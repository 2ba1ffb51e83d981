package dev.sva4j.core.bond;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.UntaggedTraffic;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Who has the untagged traffic of a device. There is one such entry, where there are many PASIDs, so it can be taken.
 * Thread-safe.
 */
final class UntaggedSlot {
    private final BoundDevice device;

    // Claimed before the driver half is told anything, given back after its last word: only who is in here may have the
    // entry changed. Bonds come and go by compare-and-set; from domain to domain it goes under the mutex.
    private final AtomicReference<@Nullable UntaggedHolder> holder = new AtomicReference<>();
    private final EntryMutex mutex;

    UntaggedSlot(BoundDevice device, Scheduler scheduler) {
        this.device = device;
        this.mutex = new EntryMutex("untagged traffic of " + device.spec().name(), scheduler);
    }

    /**
     * Takes it for a bond, or for a domain where there was none.
     *
     * @throws SvaException BUSY
     */
    void claim(UntaggedHolder next) {
        UntaggedHolder taken = holder.compareAndExchange(null, next);
        if (taken != null) {
            throw busy(taken);
        }
    }

    private SvaException busy(UntaggedHolder taken) {
        return new SvaException(
                SvaError.BUSY,
                String.format(
                        "untagged traffic of device %s belongs to %s; %s first",
                        device.spec().name(), taken, taken instanceof Bond ? "unbind that" : "attach null instead"));
    }

    /** Gives it back, if the bond has it. */
    void release(Bond bond) {
        holder.compareAndSet(bond, null);
    }

    /** The domain that is attached, if one is. */
    @Nullable
    UntaggedDomain domain() {
        return holder.get() instanceof UntaggedDomain domain ? domain : null;
    }

    /**
     * Puts one domain in the place of another; null is none, and blocked.
     *
     * @throws SvaException BUSY if a process has the traffic. If the new domain is refused, the old one stays; if that
     *     it came was not confirmed, none does
     */
    void attach(@Nullable UntaggedDomain next) {
        mutex.acquire();
        try {
            UntaggedHolder before = holder.get();
            if (before == next) {
                return;
            } else if (before instanceof Bond) {
                throw busy(before);
            } else if (before == null && next != null) {
                claim(next);
            }
            replace((UntaggedDomain) before, next);
        } finally {
            mutex.release();
        }
    }

    private void replace(@Nullable UntaggedDomain before, @Nullable UntaggedDomain next) {
        UntaggedTraffic traffic;
        try {
            traffic = next == null ? UntaggedTraffic.BLOCKED : next.enlist(device);
        } catch (RuntimeException e) {
            holder.set(before);
            throw e;
        }
        Failures failures = new Failures();
        boolean stays = true;
        try {
            set(traffic);
        } catch (RuntimeException e) {
            failures.add(e);
            stays = false;
            if (next != null && !isTimeOut(e)) {
                next.discharge(device, failures);
                holder.set(before);
                throw e;
            }
            // Nobody knows what the hardware sees: nothing of the device passes until somebody has looked at it.
            device.fence("the IOMMU did not confirm a change of untagged traffic");
        }
        if (next != null && !stays) {
            failures.attempt(() -> set(UntaggedTraffic.BLOCKED));
            next.discharge(device, failures);
        }
        if (before != null) {
            if (before.translates()) {
                // Of a page request that is on its way nobody must think later that it was meant for what comes then.
                device.drain(device.untaggedEntry(), failures);
            }
            before.discharge(device, failures);
        }
        holder.set(stays ? next : null);
        failures.throwFirst();
    }

    private void set(UntaggedTraffic traffic) {
        device.unit().driver().setUntagged(device.requester(), traffic);
    }

    private static boolean isTimeOut(RuntimeException e) {
        return e instanceof SvaException refusal && refusal.error() == SvaError.TIMED_OUT;
    }
}
