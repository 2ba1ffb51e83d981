package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.driver.LeafTables;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The life of an STE: abort, attached with what is switched on, abort ({@code arm_smmu_install_ste_for_dev}). */
final class Streams {
    private final Unit unit;
    private final Features features;
    private final TableMemory memory;
    private final StreamTableMemory table;
    private final Caches caches;
    private final PasidEntries entries;
    private final EntryUpdate update;
    private final SteValues values;

    /** By requester. Any thread; core serialises set-up calls for one device. */
    private final Map<Integer, Device> devices = new ConcurrentHashMap<>();

    Streams(
            Unit unit,
            Features features,
            TableMemory memory,
            StreamTableMemory table,
            Caches caches,
            PasidEntries entries) {
        this.unit = unit;
        this.features = features;
        this.memory = memory;
        this.table = table;
        this.caches = caches;
        this.entries = entries;
        this.update = EntryUpdate.ofStreamTableEntries(memory);
        this.values = new SteValues(features);
    }

    Device get(int requester) {
        Device device = devices.get(requester);
        if (device == null) {
            throw unit.refusal(SvaError.NO_DEVICE, String.format("stream 0x%x is not attached", requester));
        }
        return device;
    }

    void attach(DeviceAttachment attachment) {
        if (attachment.stall() && !features.canStall()) {
            throw unit.refusal(SvaError.UNSUPPORTED, "IDR0.STALL_MODEL says that transactions cannot stall");
        } else if (devices.containsKey(attachment.requester())) {
            throw unit.refusal(SvaError.EXISTS, get(attachment.requester()) + " is attached");
        }
        CdTable descriptors = new CdTable(memory, features, attachment);
        Device device;
        try {
            LeafTables.Slot slot = table.slot(Integer.toUnsignedLong(attachment.requester()));
            device = new Device(attachment, slot, descriptors);
        } catch (RuntimeException e) {
            descriptors.free();
            throw e;
        }
        devices.put(attachment.requester(), device);
        write(device, values.attached(device, UntaggedTraffic.Mode.BLOCKED, false));
    }

    /**
     * What the STE pointed to is freed only when no cache holds the pointer. If that takes too long it is freed with
     * the driver.
     */
    void detach(int requester) {
        Device device = get(requester);
        write(device, SteValues.abort());
        entries.abandon(device);
        device.setAts(false);
        devices.remove(requester);
        device.descriptors().free();
    }

    /**
     * The device belongs to the invalidations' targets before it can fill its ATC, and until it cannot any more (I14).
     * Off goes as in IHI 0070 §3.9: the endpoint has stopped asking, the ATC is emptied, then the STE says no.
     */
    void setAts(int requester, boolean enabled) {
        Device device = get(requester);
        if (enabled && !(features.hasAts() && device.attachment().ats())) {
            throw unit.refusal(
                    SvaError.UNSUPPORTED,
                    features.hasAts() ? device + " was attached without an ATC" : "IDR0.ATS is 0");
        }
        if (enabled) {
            device.setAts(true);
            write(device, values.attached(device, device.untagged(), true));
        } else {
            caches.wholeAtc(device);
            write(device, values.attached(device, device.untagged(), false));
            device.setAts(false);
        }
    }

    /** Page requests are taken from every stream alike; whether a device sends any is its own affair. */
    void setPageRequests(int requester, boolean enabled) {
        Device device = get(requester);
        if (enabled && !(features.hasPri() && device.attachment().pri())) {
            throw unit.refusal(
                    SvaError.UNSUPPORTED,
                    features.hasPri() ? device + " was attached without page requests" : "IDR0.PRI is 0");
        }
    }

    /**
     * Switches untagged traffic.
     *
     * <p>One address space never takes over from another directly: their CDs differ in more than one word, and a CD
     * that is invalid in between would be reported as broken. Blocked is what it is, and says so.
     *
     * <p>Quiesced traffic keeps its CD, which goes quiet: S1DSS still selects it.
     *
     * @param context what it is translated by, or null
     */
    void setUntagged(int requester, UntaggedTraffic traffic, @Nullable SmmuContext context) {
        Device device = get(requester);
        if (traffic.mode() == UntaggedTraffic.Mode.QUIESCED) {
            entries.quiesce(device, Pasid.NONE);
            return;
        }
        // What can be refused comes first.
        entries.checkStall(device, traffic.stall());
        if (traffic.mode() == UntaggedTraffic.Mode.IDENTITY
                && device.ats()
                && !device.descriptors().hasSubstreams()) {
            throw unit.refusal(
                    SvaError.UNSUPPORTED,
                    device + " has ATS on, which a stream that bypasses translation has not, and IDR1.SSIDSIZE is 0; "
                            + "turn ATS off");
        }
        if (context != null) {
            device.descriptors().slot(Bond.substreamOf(Pasid.NONE));
        }
        if (device.bonds().containsKey(Pasid.NONE)) {
            switchUntagged(device, UntaggedTraffic.Mode.BLOCKED);
            entries.clear(device, Pasid.NONE);
        }
        if (context != null) {
            entries.set(device, Pasid.NONE, context, traffic.stall());
        }
        switchUntagged(device, traffic.mode());
    }

    /** A device that is not attached has no ATC that anybody would wait for. */
    void gone(int requester) {
        Device device = devices.get(requester);
        if (device != null) {
            device.setGone();
        }
    }

    private void switchUntagged(Device device, UntaggedTraffic.Mode mode) {
        device.setUntagged(mode);
        write(device, values.attached(device, mode, device.ats()));
        caches.wholeAtc(device);
    }

    private void write(Device device, long[] ste) {
        update.write(device.ste().address(), ste, () -> caches.stream(device));
    }
}
