package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.DeviceAttachment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An attached device: where its entries are, and what is switched on. */
final class Device {
    private final DeviceAttachment attachment;
    private final long entry;
    private final int domainId;

    /** Null without guest translation. */
    private final @Nullable Gcr3Tables gcr3Tables;

    /** Valid and quiesced entries by PASID. Any thread; core serialises the calls for one PASID. */
    private final Map<Integer, Bond> bonds = new ConcurrentHashMap<>();

    /**
     * Whether its device TLB may hold translations: set before the DTE allows ATS and reset after it forbids it, so that
     * invalidations miss nothing. Written by set-up calls, which core serialises per device; read by any thread.
     */
    private volatile boolean ats;

    /** How often hardware has given up waiting for its device TLB. Any thread. */
    private final AtomicInteger timeOuts = new AtomicInteger();

    /** Never reset. Any thread. */
    private volatile boolean gone;

    /**
     * Describes it; nothing refers to its tables yet.
     *
     * @param entry address of its device table entry
     * @param domainId of what is translated by its GCR3 table, or passes through
     */
    Device(DeviceAttachment attachment, long entry, int domainId, @Nullable Gcr3Tables gcr3Tables) {
        this.attachment = attachment;
        this.entry = entry;
        this.domainId = domainId;
        this.gcr3Tables = gcr3Tables;
    }

    int requester() {
        return attachment.requester();
    }

    DeviceAttachment attachment() {
        return attachment;
    }

    long entry() {
        return entry;
    }

    int domainId() {
        return domainId;
    }

    @Nullable
    Gcr3Tables gcr3Tables() {
        return gcr3Tables;
    }

    Map<Integer, Bond> bonds() {
        return bonds;
    }

    void setAts(boolean enabled) {
        ats = enabled;
    }

    int timeOuts() {
        return timeOuts.get();
    }

    void timedOut() {
        timeOuts.incrementAndGet();
    }

    boolean isGone() {
        return gone;
    }

    void setGone() {
        gone = true;
    }

    /** Whether an invalidation of its TLB makes sense: there may be translations, and someone to answer. */
    boolean hasDeviceTlb() {
        return ats && !gone;
    }

    @Override
    public String toString() {
        return "device 0x" + Integer.toHexString(requester());
    }
}
