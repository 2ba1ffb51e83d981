package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.spi.driver.CompletionQueue;
import dev.sva4j.vendor.amd.driver.DeviceTlbInvalidation.Target;
import dev.sva4j.vendor.amd.layout.DeviceTable;
import dev.sva4j.vendor.amd.layout.InvalidateDevtabEntry;
import dev.sva4j.vendor.amd.layout.InvalidateInterruptTable;
import dev.sva4j.vendor.amd.layout.InvalidateIommuAll;
import dev.sva4j.vendor.amd.layout.InvalidateIommuPages;
import dev.sva4j.vendor.amd.layout.InvalidationRange;
import java.util.List;

/**
 * What caches have to forget (AMD-Vi 2.4). Every method returns when hardware has completed it.
 *
 * <p>Only COMPLETION_WAIT orders commands. So one of each kind is waited for before the next kind is issued: device table entry,
 * translations in the IOMMU, device TLBs. Otherwise a cache could be filled again from one that is still to be emptied.
 */
final class Caches {
    private final CompletionQueue queue;
    private final DeviceTlbInvalidation deviceTlbs;
    private final Features features;

    Caches(CompletionQueue queue, DeviceTlbInvalidation deviceTlbs, Features features) {
        this.queue = queue;
        this.deviceTlbs = deviceTlbs;
        this.features = features;
    }

    /** Everything that may be left from before this driver. */
    void everything() {
        if (features.invalidatesAll()) {
            queue.execute(CommandBatch.of(InvalidateIommuAll.word0(), 0));
            return;
        }
        CommandBatch batch = new CommandBatch();
        for (int device = 0; device < DeviceTable.DEVICES; device++) {
            batch.add(InvalidateDevtabEntry.word0(device), 0);
            batch.add(InvalidateInterruptTable.word0(device), 0);
        }
        queue.execute(batch);
        CommandBatch domains = new CommandBatch();
        for (int domainId = 0; domainId <= InvalidateIommuPages.DOMAIN_ID.max(); domainId++) {
            addDomain(domains, domainId);
        }
        queue.execute(domains);
    }

    /** The device table entry of a device. Translations that were got through it stay. */
    void deviceEntry(Device device) {
        queue.execute(CommandBatch.of(InvalidateDevtabEntry.word0(device.requester()), 0));
    }

    /**
     * A device table entry that translated requests without PASID in some way, and the translations that were got so: some
     * hardware keeps those when it drops the entry (XSA-442).
     */
    void deviceEntryAndUntagged(Device device, int domainId) {
        deviceEntry(device);
        domain(domainId);
        deviceTlbs.all(new Target(device, Pasid.NONE));
    }

    /** All that a domain has of requests without PASID, and by what is known of hardware of those with one, too. */
    void domain(int domainId) {
        CommandBatch batch = new CommandBatch();
        addDomain(batch, domainId);
        queue.execute(batch);
    }

    private static void addDomain(CommandBatch batch, int domainId) {
        batch.add(InvalidateIommuPages.word0(domainId), InvalidateIommuPages.word1(InvalidationRange.ALL, false, true));
    }

    /** The GCR3 entry of a PASID and every translation that was got through it, device TLB included. */
    void gcr3Entry(Bond bond) {
        queue.execute(CommandBatch.of(
                InvalidateIommuPages.word0(bond.device().domainId(), bond.entry()),
                InvalidateIommuPages.word1(InvalidationRange.ALL, true, true)));
        deviceTlbs.all(new Target(bond.device(), bond.pasid()));
    }

    /** Every translation that the TLB of a device holds. */
    void wholeDeviceTlb(Device device) {
        deviceTlbs.all(new Target(device, Pasid.NONE));
        device.bonds().values().stream()
                .filter(bond -> bond.pasid() != Pasid.NONE)
                .forEach(bond -> deviceTlbs.all(new Target(device, bond.pasid())));
    }

    /**
     * Every translation of {@code [start, last]} in the IOMMU and in device TLBs, or as much more as makes it one range that a
     * command can say: the number of commands is that of the bonds, whatever the range.
     *
     * @param tables whether cached entries that point to tables have to go, too (PDE). Linux always says so
     */
    void range(AmdContext context, long start, long last, boolean tables) {
        List<Bond> bonds = context.bonds().list();
        if (bonds.isEmpty()) {
            // Nothing can walk the tables, and what the last bond left behind went with it.
            return;
        }
        long range = InvalidationRange.word1(start, last);
        CommandBatch batch = new CommandBatch();
        if (context.hasDomainOfItsOwn()) {
            batch.add(InvalidateIommuPages.word0(context.domainId()), InvalidateIommuPages.word1(range, false, tables));
        } else {
            for (Bond bond : bonds) {
                batch.add(
                        InvalidateIommuPages.word0(bond.device().domainId(), bond.entry()),
                        InvalidateIommuPages.word1(range, true, tables));
            }
        }
        queue.execute(batch);
        // Which device TLBs there are is asked now: one that was added meanwhile may have been filled from the IOMMU's.
        deviceTlbs.range(
                context.bonds().list().stream()
                        .map(bond -> new Target(bond.device(), bond.pasid()))
                        .toList(),
                range);
    }
}
