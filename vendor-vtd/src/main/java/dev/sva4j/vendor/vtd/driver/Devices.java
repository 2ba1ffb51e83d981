package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The life of a context entry: absent, present with what is switched on, absent ({@code device_pasid_table_setup}). */
final class Devices {
    private final Unit unit;
    private final Features features;
    private final TableMemory memory;
    private final RootTableMemory rootTable;
    private final Caches caches;
    private final PasidEntries entries;
    private final EntryValues values;
    private final VtdContext passThrough;

    /** By requester. Any thread; core serialises set-up calls for one device. */
    private final Map<Integer, Device> devices = new ConcurrentHashMap<>();

    Devices(
            Unit unit,
            Features features,
            TableMemory memory,
            RootTableMemory rootTable,
            Caches caches,
            PasidEntries entries,
            EntryValues values,
            VtdContext passThrough) {
        this.unit = unit;
        this.features = features;
        this.memory = memory;
        this.rootTable = rootTable;
        this.caches = caches;
        this.entries = entries;
        this.values = values;
        this.passThrough = passThrough;
    }

    Device get(int requester) {
        Device device = devices.get(requester);
        if (device == null) {
            throw unit.refusal(SvaError.NO_DEVICE, String.format("device 0x%x is not attached", requester));
        }
        return device;
    }

    /** Untagged traffic is blocked, because the entry of its PASID is not present; hardware records that. */
    void attach(DeviceAttachment attachment) {
        if (attachment.stall()) {
            throw unit.refusal(SvaError.UNSUPPORTED, "VT-d has no means to stall a transaction");
        } else if (devices.containsKey(attachment.requester())) {
            throw unit.refusal(SvaError.EXISTS, get(attachment.requester()) + " is attached");
        }
        long contextEntry = rootTable.contextEntryAddress(attachment.requester());
        PasidDirectory pasids = new PasidDirectory(memory, Math.min(attachment.pasidBits(), features.pasidBits()));
        Device device = new Device(attachment, contextEntry, pasids);
        devices.put(attachment.requester(), device);
        // The other words are 0, now and always.
        memory.store(contextEntry, values.contextEntry(pasids, false, false));
        caches.contextEntryAppeared(device);
    }

    /**
     * What the entry pointed to is freed only when no cache holds the pointer. If that takes too long it is freed with the
     * driver.
     */
    void detach(int requester) {
        Device device = get(requester);
        memory.store(device.contextEntry(), 0);
        caches.contextEntry(device);
        entries.abandon(device);
        device.setAts(false);
        devices.remove(requester);
        device.pasids().free();
    }

    /**
     * The device belongs to the invalidations' targets before it can fill its device TLB, and until it cannot any more
     * (I14). Off goes as in VT-d 4.2: the endpoint has stopped asking, the device TLB is emptied, then DTE says no.
     */
    void setAts(int requester, boolean enabled) {
        Device device = get(requester);
        if (enabled && !(features.hasDeviceTlbs() && device.attachment().ats())) {
            throw unit.refusal(
                    SvaError.UNSUPPORTED,
                    features.hasDeviceTlbs() ? device + " was attached without a device TLB" : "ECAP.DT is 0");
        }
        if (enabled) {
            device.setAts(true);
            write(device, true);
        } else {
            caches.wholeDeviceTlb(device);
            write(device, false);
            device.setAts(false);
        }
    }

    void setPageRequests(int requester, boolean enabled) {
        Device device = get(requester);
        if (enabled && !(features.hasPageRequests() && device.attachment().pri())) {
            throw unit.refusal(
                    SvaError.UNSUPPORTED,
                    features.hasPageRequests()
                            ? device + " was attached without page requests"
                            : "ECAP.DT, PRS and PDS are not all 1");
        }
        device.setPageRequests(enabled);
        write(device, device.ats());
    }

    /** DTE and PRE are in one word, so one store takes the entry from one valid state to another. */
    private void write(Device device, boolean ats) {
        memory.store(device.contextEntry(), values.contextEntry(device.pasids(), ats, device.pageRequests()));
        caches.contextEntry(device);
    }

    /**
     * Switches untagged traffic, which the entry of RID_PASID serves: tagged traffic does not notice. One address space never
     * takes over from another directly; in between the entry is absent.
     *
     * @param context what it is translated by, or null
     */
    void setUntagged(int requester, UntaggedTraffic traffic, @Nullable VtdContext context) {
        Device device = get(requester);
        if (traffic.mode() == UntaggedTraffic.Mode.QUIESCED) {
            entries.quiesce(device, Pasid.NONE);
            return;
        }
        VtdContext next = traffic.mode() == UntaggedTraffic.Mode.IDENTITY ? passThrough() : context;
        if (traffic.stall()) {
            throw unit.refusal(SvaError.INVALID, device + " was not attached as one that can stall");
        }
        if (next != null) {
            // The last thing that can be refused comes before the first change.
            device.pasids().entryAddress(Bond.RID_PASID);
        }
        if (device.bonds().containsKey(Pasid.NONE)) {
            entries.clear(device, Pasid.NONE);
        }
        if (next != null) {
            entries.set(device, Pasid.NONE, next, false);
        }
    }

    private VtdContext passThrough() {
        if (!features.hasPassThrough()) {
            throw unit.refusal(SvaError.UNSUPPORTED, "ECAP.PT is 0: no pass-through");
        }
        return passThrough;
    }

    /** A device that is not attached has no device TLB that anybody would wait for. */
    void gone(int requester) {
        Device device = devices.get(requester);
        if (device != null) {
            device.setGone();
        }
    }
}
