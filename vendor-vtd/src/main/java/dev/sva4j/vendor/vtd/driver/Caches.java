package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.spi.driver.CompletionQueue;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.vtd.driver.DeviceTlbInvalidation.Target;
import dev.sva4j.vendor.vtd.layout.AddressBlock;
import dev.sva4j.vendor.vtd.layout.ContextCacheInvalidate;
import dev.sva4j.vendor.vtd.layout.InvalidationWait;
import dev.sva4j.vendor.vtd.layout.IotlbInvalidate;
import dev.sva4j.vendor.vtd.layout.PasidCacheInvalidate;
import dev.sva4j.vendor.vtd.layout.PasidIotlbInvalidate;
import java.util.BitSet;
import java.util.List;

/**
 * What caches have to forget (VT-d 6.5.3.3, table 28). Every method returns when hardware has completed it.
 *
 * <p>Order within one change: context cache, PASID cache, IOTLB, device TLBs. Hardware keeps that order within the queue, so
 * the first three share one inv_wait. Device TLBs have one of their own: which there are is asked after the IOTLB is clean,
 * for one that was added meanwhile may have been filled from it.
 */
final class Caches {
    /** Hardware tags what it caches of entries that are not present with this domain (VT-d 6.1, CM = 1). */
    private static final int ABSENT_DOMAIN = 0;

    /** Reads and writes that use a translation are to be complete as well. p_iotlb_inv always waits for them. */
    private static final boolean DRAIN = true;

    private final CompletionQueue queue;
    private final DeviceTlbInvalidation deviceTlbs;
    private final boolean cachesAbsentEntries;

    Caches(Unit unit, CompletionQueue queue, Features features) {
        this.queue = queue;
        this.deviceTlbs = new DeviceTlbInvalidation(unit, queue, features);
        this.cachesAbsentEntries = features.cachesAbsentEntries();
    }

    /** Everything, after hardware has taken a new root table. */
    void everything() {
        queue.execute(CommandBatch.of(ContextCacheInvalidate.globalWord0(), 0)
                .add(PasidCacheInvalidate.globalWord0(), 0)
                .add(IotlbInvalidate.globalWord0(DRAIN), 0));
    }

    /** The context entry of a device; in scalable mode it has no domain. What it leads to stays. */
    void contextEntry(Device device) {
        queue.execute(CommandBatch.of(ContextCacheInvalidate.deviceWord0(ABSENT_DOMAIN, device.sid()), 0));
    }

    /** A context entry has become present. */
    void contextEntryAppeared(Device device) {
        if (cachesAbsentEntries) {
            contextEntry(device);
        }
    }

    /** A PASID table entry has become present, and perhaps the directory entry above it. */
    void pasidEntryAppeared(Bond bond) {
        if (cachesAbsentEntries) {
            pasidEntry(bond);
        }
    }

    /** A PASID table entry and every translation that was got through it, device TLB included. */
    void pasidEntryAndTranslations(Bond bond) {
        pasidEntry(bond);
        deviceTlbs.all(new Target(bond.device(), bond.pasid()));
    }

    /**
     * The two readings of what a cached absent entry is tagged with, the domain of the manual and the one that Linux uses,
     * which is that of the entry in memory, both go.
     */
    private void pasidEntry(Bond bond) {
        int did = bond.context().did();
        CommandBatch batch = CommandBatch.of(PasidCacheInvalidate.pasidWord0(did, bond.entry()), 0);
        if (cachesAbsentEntries) {
            batch.add(PasidCacheInvalidate.pasidWord0(ABSENT_DOMAIN, bond.entry()), 0);
        }
        queue.execute(batch.add(PasidIotlbInvalidate.pasidWord0(did, bond.entry()), 0));
    }

    /** Every trace of a domain, whose id will be given to another. Device TLBs forgot it with the last PASID entry. */
    void domain(VtdContext context) {
        queue.execute(CommandBatch.of(PasidCacheInvalidate.domainWord0(context.did()), 0)
                .add(IotlbInvalidate.domainWord0(context.did(), DRAIN), 0));
    }

    /** Every translation that the device TLB of a device holds. */
    void wholeDeviceTlb(Device device) {
        deviceTlbs.all(new Target(device, Pasid.NONE));
    }

    /**
     * Every translation of {@code [start, last]} in IOTLB and device TLBs, or as much more as makes it one aligned block, as
     * in Linux ({@code calculate_psi_aligned_address}): the number of descriptors is that of the bonds, whatever the range.
     *
     * @param tables whether paging-structure caches have to go too; otherwise the hint IH says that they may stay
     */
    void range(VtdContext context, long start, long last, boolean tables) {
        List<Bond> bonds = context.bonds().list();
        if (bonds.isEmpty()) {
            // Nothing can walk the tables, and what the last bond left behind went with it.
            return;
        }
        int order = AddressBlock.order(start, last);
        long base = AddressBlock.base(start, order);
        CommandBatch batch = new CommandBatch();
        BitSet entries = new BitSet();
        for (Bond bond : bonds) {
            // The tag is domain and PASID, so devices that share a PASID share a descriptor.
            if (!entries.get(bond.entry())) {
                entries.set(bond.entry());
                addRange(batch, bond, base, order, !tables);
            }
        }
        queue.execute(batch);
        List<Target> targets = bonds.stream()
                .map(bond -> new Target(bond.device(), bond.pasid()))
                .toList();
        deviceTlbs.range(targets, base, order);
    }

    private static void addRange(CommandBatch batch, Bond bond, long base, int order, boolean leavesOnly) {
        int did = bond.context().did();
        if (order >= AddressBlock.ORDER_ALL) {
            batch.add(PasidIotlbInvalidate.pasidWord0(did, bond.entry()), 0);
        } else {
            batch.add(
                    PasidIotlbInvalidate.pageWord0(did, bond.entry()),
                    PasidIotlbInvalidate.pageWord1(base, order, leavesOnly));
        }
    }

    /**
     * Waits until every page request that a device has sent for a PASID is in the queue, and every response has left (VT-d
     * 7.11; {@code intel_iommu_drain_pasid_prq}).
     *
     * <p>The fence keeps the invalidations behind the responses. What they invalidate does not matter, for nothing is left
     * since the entry was cleared: that the device completes one says that its requests have arrived.
     */
    void drainPageRequests(Device device, int pasid) {
        CommandBatch before = CommandBatch.of(InvalidationWait.fenceWord0(), 0);
        if (pasid == Pasid.NONE) {
            before.add(IotlbInvalidate.domainWord0(VtdContext.PASS_THROUGH_DID, DRAIN), 0);
        } else {
            before.add(PasidIotlbInvalidate.pasidWord0(VtdContext.PASS_THROUGH_DID, pasid), 0);
        }
        deviceTlbs.drain(before, new Target(device, pasid));
    }
}
