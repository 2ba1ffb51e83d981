package dev.sva4j.spi.hardware;

import dev.sva4j.spi.DeviceLink;
import java.util.HashMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * ATC invalidations that functions have not acknowledged yet.
 *
 * <p>A function that is gone never answers. Real hardware then times out and reports an error; a model has no clock of
 * its own, so such an invalidation stays outstanding until {@link #expire()}, or until nobody waits for it any more and
 * it is {@linkplain #forget() forgotten}.
 *
 * <p>Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class AtcInvalidations {
    /** The answer of {@link #takeExpired()} if none has failed. */
    public static final int NONE = -1;

    private final DeviceLink devices;

    /** Requester by tag; guarded by this. */
    private final Map<Integer, Integer> outstanding = new HashMap<>();

    /** Tag of the next invalidation; guarded by this. Wraps after more than can be outstanding. */
    private int nextTag;

    /** Requester of one that has failed since this was last asked, or {@link #NONE}; guarded by this. */
    private int expired = NONE;

    /** What the answer of a function was. */
    @API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
    public enum Answer {
        /** To no question. */
        UNEXPECTED,
        /** Others are missing. */
        MORE_MISSING,
        /** The last one missing. */
        LAST
    }

    /** None is outstanding. */
    public AtcInvalidations(DeviceLink devices) {
        this.devices = devices;
    }

    /** Sends one, with the arguments of {@link DeviceLink#invalidateAtc}. The function may answer before this returns. */
    public void send(int requester, int pasid, long address, int log2Bytes, boolean global) {
        int tag;
        synchronized (this) {
            tag = nextTag++;
            outstanding.put(tag, requester);
        }
        devices.invalidateAtc(requester, pasid, address, log2Bytes, global, tag);
    }

    /** A function has answered. */
    public synchronized Answer acknowledge(int requester, int tag) {
        if (!outstanding.remove(tag, requester)) {
            return Answer.UNEXPECTED;
        }
        return outstanding.isEmpty() ? Answer.LAST : Answer.MORE_MISSING;
    }

    /** Whether all have been answered. */
    public synchronized boolean areComplete() {
        return outstanding.isEmpty();
    }

    /** The invalidation time-out of PCIe has passed: what is still outstanding has failed. */
    public synchronized void expire() {
        for (int requester : outstanding.values()) {
            expired = requester;
        }
        outstanding.clear();
    }

    /** The requester of one that has failed since this was last asked, or {@link #NONE}. */
    public synchronized int takeExpired() {
        int result = expired;
        expired = NONE;
        return result;
    }

    /** Software has given up waiting. */
    public synchronized void forget() {
        outstanding.clear();
        expired = NONE;
    }
}
