package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.driver.LeafTables;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An attached device: where its entries are and what is switched on. */
final class Device {
    private final DeviceAttachment attachment;
    private final LeafTables.Slot ste;
    private final CdTable descriptors;

    /** Live and quiesced CDs by PASID. Any thread; core serialises the calls for one PASID. */
    private final Map<Integer, Bond> bonds = new ConcurrentHashMap<>();

    /**
     * Whether its ATC may hold translations: set before the STE allows ATS and reset after it forbids it, so that
     * invalidations miss nothing. Written by set-up calls, which core serialises per device; read by any thread.
     */
    private volatile boolean ats;

    /** Never reset. Any thread. */
    private volatile boolean gone;

    /** What the STE says of untagged traffic. Set-up calls only. */
    private volatile UntaggedTraffic.Mode untagged = UntaggedTraffic.Mode.BLOCKED;

    Device(DeviceAttachment attachment, LeafTables.Slot ste, CdTable descriptors) {
        this.attachment = attachment;
        this.ste = ste;
        this.descriptors = descriptors;
    }

    int requester() {
        return attachment.requester();
    }

    /** The StreamID as commands have it. */
    long stream() {
        return Integer.toUnsignedLong(attachment.requester());
    }

    DeviceAttachment attachment() {
        return attachment;
    }

    boolean stalls() {
        return attachment.stall();
    }

    LeafTables.Slot ste() {
        return ste;
    }

    CdTable descriptors() {
        return descriptors;
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

    boolean isGone() {
        return gone;
    }

    void setGone() {
        gone = true;
    }

    /** Whether an ATC invalidation makes sense: there may be translations, and someone to answer. */
    boolean hasAtc() {
        return ats && !gone;
    }

    UntaggedTraffic.Mode untagged() {
        return untagged;
    }

    void setUntagged(UntaggedTraffic.Mode mode) {
        untagged = mode;
    }

    @Override
    public String toString() {
        return "stream 0x" + Long.toHexString(stream());
    }
}
