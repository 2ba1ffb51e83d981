package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.driver.LeafTables;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.TagAllocator;
import dev.sva4j.spi.driver.Unit;

/**
 * The life of a CD: empty, live, quiet, empty (IHI 0070 §5.4; {@code arm_smmu_sva_set_dev_pasid}, {@code
 * arm_smmu_mm_release}, {@code arm_smmu_remove_dev_pasid}).
 *
 * <p>{@link Pasid#NONE} stands for the CD that serves untagged traffic. Calls for one CD do not overlap; calls for
 * different CDs, also of one device, do.
 */
final class PasidEntries {
    private final Unit unit;
    private final Caches caches;
    private final TagAllocator asids;
    private final EntryUpdate update;
    private final CdValues values;

    PasidEntries(Unit unit, TableMemory memory, Caches caches, Features features, TagAllocator asids) {
        this.unit = unit;
        this.caches = caches;
        this.asids = asids;
        this.update = EntryUpdate.ofContextDescriptors(memory);
        this.values = new CdValues(features);
    }

    /**
     * Makes a CD translate through {@code context}. Everything that can be refused is refused before anything changes.
     */
    void set(Device device, int pasid, SmmuContext context, boolean stall) {
        checkStall(device, stall);
        Bond bond = new Bond(device, pasid, context);
        if (!device.descriptors().contains(bond.substream())) {
            throw unit.refusal(
                    SvaError.RANGE,
                    device + " has PASIDs below 2^" + device.descriptors().log2Count() + ", not " + pasid);
        } else if (device.bonds().containsKey(pasid)) {
            throw unit.refusal(SvaError.EXISTS, device + " has an entry for PASID " + pasid + "; clear it first");
        }
        LeafTables.Slot slot = device.descriptors().slot(bond.substream());
        // Before the CD is valid: from then on the caches can fill.
        context.bonds().add(bond);
        device.bonds().put(pasid, bond);
        write(bond, slot, values.live(context, stall));
    }

    /** Refuses a stall that the device was not attached for. */
    void checkStall(Device device, boolean stall) {
        if (stall && !device.stalls()) {
            throw unit.refusal(SvaError.INVALID, device + " was not attached as one that can stall");
        }
    }

    /** See {@link CdValues#quiet}. When this returns, nothing is left that could translate. */
    void quiesce(Device device, int pasid) {
        Bond bond = bond(device, pasid);
        write(bond, device.descriptors().slot(bond.substream()), values.quiet(bond.context()));
        forget(bond);
    }

    /** The same from live and from quiet; caches that are clean already are cleaned again. */
    void clear(Device device, int pasid) {
        Bond bond = bond(device, pasid);
        write(bond, device.descriptors().slot(bond.substream()), CdValues.empty());
        forget(bond);
        drop(bond);
    }

    /**
     * The CD and its copies are gone; translations may be left. For devices whose PASIDs could not be cleared in time.
     */
    void abandon(Device device) {
        for (Bond bond : device.bonds().values()) {
            forget(bond);
            drop(bond);
        }
    }

    private void forget(Bond bond) {
        caches.translations(bond.context());
        caches.atc(bond);
    }

    private void drop(Bond bond) {
        bond.device().bonds().remove(bond.pasid());
        if (bond.context().bonds().remove(bond)) {
            asids.free(bond.context().asid());
        }
    }

    private void write(Bond bond, LeafTables.Slot slot, long[] cd) {
        update.write(slot.address(), cd, () -> caches.descriptor(bond.device(), bond.substream(), slot));
    }

    private Bond bond(Device device, int pasid) {
        Bond bond = device.bonds().get(pasid);
        if (bond == null) {
            throw unit.refusal(SvaError.NOT_FOUND, device + " has no entry for PASID " + pasid);
        }
        return bond;
    }
}
