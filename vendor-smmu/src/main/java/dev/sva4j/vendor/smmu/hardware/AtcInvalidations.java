package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.DeviceLink;
import java.util.HashMap;
import java.util.Map;

/**
 * ATC invalidations that functions have not acknowledged yet (§3.9.1, §4.5.1).
 *
 * <p>A function that is gone never answers. Real hardware then times out and fails the next CMD_SYNC with
 * CERROR_ATC_INV_SYNC; the model has no clock of its own, so that CMD_SYNC stays pending until {@link #expire()}, or
 * until software disables the Command queue, which forgets them.
 */
final class AtcInvalidations {
    private final DeviceLink devices;

    /** Requester by tag; guarded by this. */
    private final Map<Integer, Integer> outstanding = new HashMap<>();

    /** Tag of the next invalidation; guarded by this. Wraps after more than can be outstanding. */
    private int nextTag;

    /** Whether some have failed since the last CMD_SYNC; guarded by this. */
    private boolean expired;

    AtcInvalidations(DeviceLink devices) {
        this.devices = devices;
    }

    /** Sends one. The function may answer before this returns. */
    void send(int requester, int pasid, long address, int log2Bytes, boolean global) {
        int tag;
        synchronized (this) {
            tag = nextTag++;
            outstanding.put(tag, requester);
        }
        devices.invalidateAtc(requester, pasid, address, log2Bytes, global, tag);
    }

    /**
     * A function has answered; returns whether that was the last answer missing. An answer to no question is ignored.
     */
    synchronized boolean acknowledge(int requester, int tag) {
        return outstanding.remove(tag, requester) && outstanding.isEmpty();
    }

    /** Whether all have been answered. */
    synchronized boolean areComplete() {
        return outstanding.isEmpty();
    }

    /** The invalidation time-out of PCIe has passed: what is still outstanding has failed. */
    synchronized void expire() {
        expired |= !outstanding.isEmpty();
        outstanding.clear();
    }

    /** Whether some have failed since this was last asked. */
    synchronized boolean takeExpired() {
        boolean result = expired;
        expired = false;
        return result;
    }

    /** Software has given up waiting. */
    synchronized void forget() {
        outstanding.clear();
        expired = false;
    }
}
