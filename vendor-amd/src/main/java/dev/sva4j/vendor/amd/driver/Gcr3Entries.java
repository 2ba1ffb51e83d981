package dev.sva4j.vendor.amd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.amd.layout.Gcr3TableEntry;

/**
 * The life of an entry in a GCR3 table: empty, valid, quiesced, empty (AMD-Vi 2.2.6; {@code update_gcr3}). Each change is one
 * store, followed by the invalidation of the PASID, which drops the entry as well.
 */
final class Gcr3Entries {
    private final Unit unit;
    private final TableMemory memory;
    private final Caches caches;
    private final Quiesce quiesce;

    Gcr3Entries(Unit unit, TableMemory memory, Caches caches, Quiesce quiesce) {
        this.unit = unit;
        this.memory = memory;
        this.caches = caches;
        this.quiesce = quiesce;
    }

    /**
     * Makes an entry translate through {@code context}. Everything that can be refused is refused before anything changes. That
     * it was not valid may be cached.
     */
    void set(Device device, int pasid, AmdContext context, boolean stall) {
        Bond bond = new Bond(device, pasid, context);
        Gcr3Tables tables = tables(device);
        if (!tables.contains(bond.entry())) {
            throw unit.refusal(
                    SvaError.RANGE, device + " has PASIDs up to " + tables.largestPasid() + ", not " + pasid);
        } else if (stall) {
            throw unit.refusal(SvaError.INVALID, device + " was not attached as one that can stall");
        } else if (device.bonds().containsKey(pasid)) {
            throw unit.refusal(SvaError.EXISTS, device + " has an entry for PASID " + pasid + "; clear it first");
        }
        long address = tables.entryAddress(bond.entry());
        // Before the entry is valid: from then on the caches can fill.
        context.bonds().add(bond);
        device.bonds().put(pasid, bond);
        memory.store(address, Gcr3TableEntry.encode(context.root()));
        caches.gcr3Entry(bond);
    }

    /** Silence while DMA goes on, as far as hardware can be told so: see {@link Quiesce}. */
    void quiesce(Device device, int pasid) {
        write(bond(device, pasid), quiesce.gcr3Entry());
    }

    /** The same from valid and from quiesced; caches that are clean already are cleaned again. */
    void clear(Device device, int pasid) {
        Bond bond = bond(device, pasid);
        write(bond, 0);
        drop(bond);
    }

    /** No DTE leads to the entries any more; copies and translations may be left. For those not cleared in time. */
    void abandon(Device device) {
        for (Bond bond : device.bonds().values()) {
            caches.gcr3Entry(bond);
            drop(bond);
        }
    }

    /** Makes sure that there is an entry to write. */
    void reserve(Device device, int pasid) {
        tables(device).entryAddress(Bond.entryOf(pasid));
    }

    private void write(Bond bond, long entry) {
        memory.store(tables(bond.device()).entryAddress(bond.entry()), entry);
        caches.gcr3Entry(bond);
    }

    private static void drop(Bond bond) {
        bond.device().bonds().remove(bond.pasid());
        bond.context().bonds().remove(bond);
    }

    private Gcr3Tables tables(Device device) {
        Gcr3Tables tables = device.gcr3Tables();
        if (tables == null) {
            throw unit.refusal(SvaError.RANGE, "EFR.GTSup and GIoSup are not both 1: no PASIDs");
        }
        return tables;
    }

    private Bond bond(Device device, int pasid) {
        Bond bond = device.bonds().get(pasid);
        if (bond == null) {
            throw unit.refusal(SvaError.NOT_FOUND, device + " has no entry for PASID " + pasid);
        }
        return bond;
    }
}
