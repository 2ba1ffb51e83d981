package dev.sva4j.vendor.amd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.TagAllocator;
import dev.sva4j.spi.driver.Unit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The life of a device table entry: blocked, with a GCR3 table and what is switched on, blocked ({@code attach_device}).
 *
 * <p>Each GCR3 table has a DomainID of its own: caches know a PASID by DomainID and number, so two devices with one DomainID would
 * have each other's.
 */
final class Devices {
    private final Unit unit;
    private final Features features;
    private final TableMemory memory;
    private final DeviceTableMemory table;
    private final Caches caches;
    private final Gcr3Entries entries;
    private final UntaggedEntries untagged;
    private final TagAllocator domains;

    /** By requester. Any thread; core serialises set-up calls for one device. */
    private final Map<Integer, Device> devices = new ConcurrentHashMap<>();

    Devices(
            Unit unit,
            Features features,
            TableMemory memory,
            DeviceTableMemory table,
            Caches caches,
            Gcr3Entries entries,
            UntaggedEntries untagged,
            TagAllocator domains) {
        this.unit = unit;
        this.features = features;
        this.memory = memory;
        this.table = table;
        this.caches = caches;
        this.entries = entries;
        this.untagged = untagged;
        this.domains = domains;
    }

    Device get(int requester) {
        Device device = devices.get(requester);
        if (device == null) {
            throw unit.refusal(SvaError.NO_DEVICE, String.format("device 0x%x is not attached", requester));
        }
        return device;
    }

    /** Untagged traffic is blocked, as PASID 0 has no valid entry or as translation without a table; hardware logs that. */
    void attach(DeviceAttachment attachment) {
        if (attachment.stall()) {
            throw unit.refusal(SvaError.UNSUPPORTED, "AMD-Vi has no means to stall a transaction");
        } else if (devices.containsKey(attachment.requester())) {
            throw unit.refusal(SvaError.EXISTS, get(attachment.requester()) + " is attached");
        }
        long entry = table.entryAddress(attachment.requester());
        int domainId = domains.allocate();
        if (domainId == TagAllocator.NONE) {
            throw unit.refusal(SvaError.NO_SPACE, "every DomainID of " + features.domainIdBits() + " bits is taken");
        }
        Device device = new Device(attachment, entry, domainId, allocateTables(attachment, domainId));
        devices.put(attachment.requester(), device);
        Gcr3Tables tables = device.gcr3Tables();
        if (tables != null) {
            table.set(entry, EntryValues.guest(tables, domainId, true));
            caches.deviceEntry(device);
        }
    }

    private @Nullable Gcr3Tables allocateTables(DeviceAttachment attachment, int domainId) {
        if (!features.translatesGuests()) {
            return null;
        }
        try {
            return new Gcr3Tables(memory, Math.min(attachment.pasidBits(), features.pasidBits()));
        } catch (SvaException e) {
            domains.free(domainId);
            throw e;
        }
    }

    /**
     * What the entry pointed to is freed only when no cache holds the pointer. If that takes too long it is freed with the
     * driver.
     */
    void detach(int requester) {
        Device device = get(requester);
        Gcr3Tables tables = device.gcr3Tables();
        if (tables == null) {
            untagged.block(device);
        } else {
            table.block(device.entry());
            caches.deviceEntry(device);
            entries.abandon(device);
            table.empty(device.entry());
        }
        caches.domain(device.domainId());
        device.setAts(false);
        devices.remove(requester);
        if (tables != null) {
            tables.free();
        }
        domains.free(device.domainId());
    }

    /**
     * The device belongs to the invalidations' targets before it can fill its TLB, and until it cannot any more (I14). At the end
     * the endpoint has stopped asking, its TLB is emptied, then I says no.
     */
    void setAts(int requester, boolean enabled) {
        Device device = get(requester);
        if (enabled && !(features.hasDeviceTlbs() && device.attachment().ats())) {
            throw unit.refusal(
                    SvaError.UNSUPPORTED,
                    features.hasDeviceTlbs()
                            ? device + " was attached without a device TLB"
                            : "EFR.GTSup and GIoSup are not both 1");
        }
        if (enabled) {
            device.setAts(true);
        } else {
            caches.wholeDeviceTlb(device);
        }
        table.change(device.entry(), 1, word1 -> EntryValues.withAts(word1, enabled));
        caches.deviceEntry(device);
        device.setAts(enabled);
    }

    void setPageRequests(int requester, boolean enabled) {
        Device device = get(requester);
        if (enabled && !(features.hasPageRequests() && device.attachment().pri())) {
            throw unit.refusal(
                    SvaError.UNSUPPORTED,
                    features.hasPageRequests()
                            ? device + " was attached without page requests"
                            : "EFR.GTSup, GIoSup, PPRSup and EPHSup are not all 1");
        } else if (!features.hasPageRequests()) {
            return;
        }
        table.change(device.entry(), 0, word0 -> EntryValues.withPageRequests(word0, enabled));
        caches.deviceEntry(device);
    }

    /**
     * Switches untagged traffic. One address space never takes over from another directly; in between it is blocked.
     *
     * @param context what it is translated by, or null
     */
    void setUntagged(int requester, UntaggedTraffic traffic, @Nullable AmdContext context) {
        Device device = get(requester);
        if (traffic.mode() == UntaggedTraffic.Mode.QUIESCED) {
            untagged.quiesce(device);
            return;
        } else if (traffic.stall()) {
            throw unit.refusal(SvaError.INVALID, device + " was not attached as one that can stall");
        }
        if (context != null) {
            // The last thing that can be refused comes before the first change.
            untagged.reserve(device, context);
        }
        untagged.block(device);
        if (traffic.mode() == UntaggedTraffic.Mode.IDENTITY) {
            untagged.pass(device);
        } else if (context != null) {
            untagged.translate(device, context);
        }
    }

    /** A device that is not attached has no TLB that anybody would wait for. */
    void gone(int requester) {
        Device device = devices.get(requester);
        if (device != null) {
            device.setGone();
        }
    }

    /** Hardware has given up waiting for the TLB of a device. One that is not attached any more does not matter. */
    void timedOut(int requester) {
        Device device = devices.get(requester);
        if (device != null) {
            device.timedOut();
        }
    }
}
