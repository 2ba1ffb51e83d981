package dev.sva4j.core.bond;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Who has the untagged traffic of a device. There is one such slot, where there are many PASIDs, so it can be taken.
 * Thread-safe.
 */
final class UntaggedSlot {
    private final String device;

    // Claimed before the driver half is told anything, given back after its last word: whoever is in here is the only
    // one who may change the entry.
    private final AtomicReference<@Nullable Bond> holder = new AtomicReference<>();

    UntaggedSlot(String device) {
        this.device = device;
    }

    /**
     * Takes it for a bond.
     *
     * @throws SvaException BUSY
     */
    void claim(Bond bond) {
        Bond taken = holder.compareAndExchange(null, bond);
        if (taken != null) {
            throw new SvaException(
                    SvaError.BUSY,
                    "untagged traffic of device " + device + " belongs to the " + taken + "; unbind that first");
        }
    }

    /** Gives it back, if it is the bond's. */
    void release(Bond bond) {
        holder.compareAndSet(bond, null);
    }
}
