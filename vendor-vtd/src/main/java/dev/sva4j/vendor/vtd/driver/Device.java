package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.DeviceAttachment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An attached device: where its entries are and what is switched on. */
final class Device {
    private final DeviceAttachment attachment;
    private final long contextEntry;
    private final PasidDirectory pasids;

    /** Present and quiesced entries by PASID. Any thread; core serialises the calls for one PASID. */
    private final Map<Integer, Bond> bonds = new ConcurrentHashMap<>();

    /**
     * Whether its device TLB may hold translations: set before the context entry allows ATS and reset after it forbids it,
     * so that invalidations miss nothing. Written by set-up calls, which core serialises per device; read by any thread.
     */
    private volatile boolean ats;

    /** Whether its page requests are taken. Set-up calls only. */
    private volatile boolean pageRequests;

    /** Never reset. Any thread. */
    private volatile boolean gone;

    /**
     * Describes it; nothing refers to its directory yet.
     *
     * @param contextEntry address of its context entry
     */
    Device(DeviceAttachment attachment, long contextEntry, PasidDirectory pasids) {
        this.attachment = attachment;
        this.contextEntry = contextEntry;
        this.pasids = pasids;
    }

    int requester() {
        return attachment.requester();
    }

    /** The source id as descriptors have it. */
    long sid() {
        return Integer.toUnsignedLong(attachment.requester());
    }

    DeviceAttachment attachment() {
        return attachment;
    }

    long contextEntry() {
        return contextEntry;
    }

    PasidDirectory pasids() {
        return pasids;
    }

    Map<Integer, Bond> bonds() {
        return bonds;
    }

    boolean ats() {
        return ats;
    }

    void setAts(boolean enabled) {
        ats = enabled;
    }

    boolean pageRequests() {
        return pageRequests;
    }

    void setPageRequests(boolean enabled) {
        pageRequests = enabled;
    }

    boolean isGone() {
        return gone;
    }

    void setGone() {
        gone = true;
    }

    /** Whether a device-TLB invalidation makes sense: there may be translations, and someone to answer. */
    boolean hasDeviceTlb() {
        return ats && !gone;
    }

    @Override
    public String toString() {
        return "device 0x" + Long.toHexString(sid());
    }
}
