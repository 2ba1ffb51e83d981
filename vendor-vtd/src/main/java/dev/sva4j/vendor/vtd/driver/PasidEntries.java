package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.TagAllocator;
import dev.sva4j.spi.driver.Unit;
import java.util.Arrays;

/**
 * The life of a PASID table entry: empty, present, quiet, empty (VT-d 9.6; {@code intel_pasid_setup_first_level}, {@code
 * intel_pasid_tear_down_entry}).
 *
 * <p>{@link Pasid#NONE} stands for the entry that serves untagged traffic. Calls for one entry do not overlap; calls for
 * different entries, also of one device, do.
 *
 * <p>Hardware may read an entry in pieces of 16 bytes in any order, so word 0 with P comes last when an entry appears and
 * first when it goes. An entry that is present is never changed.
 */
final class PasidEntries {
    private final Unit unit;
    private final TableMemory memory;
    private final Caches caches;
    private final TagAllocator domains;
    private final EntryValues values;

    PasidEntries(Unit unit, TableMemory memory, Caches caches, EntryValues values, TagAllocator domains) {
        this.unit = unit;
        this.memory = memory;
        this.caches = caches;
        this.values = values;
        this.domains = domains;
    }

    /**
     * Makes an entry translate through {@code context}. Everything that can be refused is refused before anything changes.
     */
    void set(Device device, int pasid, VtdContext context, boolean stall) {
        Bond bond = new Bond(device, pasid, context);
        if (!device.pasids().contains(bond.entry())) {
            throw unit.refusal(
                    SvaError.RANGE,
                    device + " has PASIDs below 2^" + device.pasids().pasidBits() + ", not " + pasid);
        } else if (stall) {
            throw unit.refusal(SvaError.INVALID, device + " was not attached as one that can stall");
        } else if (device.bonds().containsKey(pasid)) {
            throw unit.refusal(SvaError.EXISTS, device + " has an entry for PASID " + pasid + "; clear it first");
        }
        long address = device.pasids().entryAddress(bond.entry());
        // Before the entry is present: from then on the caches can fill.
        context.bonds().add(bond);
        device.bonds().put(pasid, bond);
        long[] entry = values.present(context);
        storeBehindFirst(address, entry);
        memory.store(address, entry[0]);
        caches.pasidEntryAppeared(bond);
    }

    /**
     * Silence while DMA goes on: not present, and FPD in the same store, so that not even the first request is recorded.
     * Page requests meet the same entry and are answered Invalid Request by hardware. Linux keeps FPD only if the entry is
     * still present when it is emptied, which it is not any more; what it means to write is written here.
     */
    void quiesce(Device device, int pasid) {
        Bond bond = bond(device, pasid);
        long address = device.pasids().entryAddress(bond.entry());
        memory.store(address, EntryValues.quiet(memory.load(address)));
        caches.pasidEntryAndTranslations(bond);
        storeBehindFirst(address, EntryValues.empty());
        memory.store(address, EntryValues.quiet());
    }

    /** The same from present and from quiet; caches that are clean already are cleaned again. */
    void clear(Device device, int pasid) {
        Bond bond = bond(device, pasid);
        long address = device.pasids().entryAddress(bond.entry());
        memory.store(address, EntryValues.cleared(memory.load(address)));
        caches.pasidEntryAndTranslations(bond);
        memory.store(address, EntryValues.empty());
        drop(bond);
    }

    /** Nothing leads to the entries any more; copies and translations may be left. For those not cleared in time. */
    void abandon(Device device) {
        for (Bond bond : device.bonds().values()) {
            caches.pasidEntryAndTranslations(bond);
            drop(bond);
        }
    }

    private void storeBehindFirst(long address, long[] entry) {
        memory.store(address + Long.BYTES, Arrays.copyOfRange(entry, 1, entry.length));
    }

    private void drop(Bond bond) {
        bond.device().bonds().remove(bond.pasid());
        if (bond.context().bonds().remove(bond)) {
            domains.free(bond.context().did());
        }
    }

    private Bond bond(Device device, int pasid) {
        Bond bond = device.bonds().get(pasid);
        if (bond == null) {
            throw unit.refusal(SvaError.NOT_FOUND, device + " has no entry for PASID " + pasid);
        }
        return bond;
    }
}
