package dev.sva4j.vendor.amd.inspect;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.LookLimit;
import dev.sva4j.spi.inspect.PresentEntries;
import dev.sva4j.spi.inspect.TableOverlap;
import dev.sva4j.vendor.amd.layout.Gcr3Table;
import dev.sva4j.vendor.amd.layout.Gcr3TableEntry;
import java.util.OptionalLong;

/** Finds the guest CR3 values of one device (AMD-Vi 2.2.6). */
final class Gcr3TableReader {
    private static final int ENTRY_BYTES = Gcr3TableEntry.LAYOUT.bytes();

    private final PhysicalMemory memory;
    private final GuestPhysical pointers;
    private final OptionalLong root;
    private final int glx;

    /**
     * A reader.
     *
     * @param pointers how addresses in the table are read
     * @param rootIsGuestPhysical whether that of the table is read so, too
     */
    Gcr3TableReader(PhysicalMemory memory, DeviceEntry device, GuestPhysical pointers, boolean rootIsGuestPhysical) {
        this.memory = memory;
        this.pointers = pointers;
        this.root = rootIsGuestPhysical ? pointers.toSystem(device.gcr3Root()) : OptionalLong.of(device.gcr3Root());
        this.glx = device.glx();
    }

    /** Receives guest CR3 values. */
    @FunctionalInterface
    interface Visitor {
        void guestCr3(int pasid, long address);
    }

    /**
     * Visits the valid values that are in the image, in ascending order of PASIDs.
     *
     * @return whether all of the tables are there
     */
    boolean forEach(LookLimit limit, Visitor visitor) {
        return root.isEmpty() || forEach(root.getAsLong(), glx, 0, limit, visitor);
    }

    private boolean forEach(long table, int level, int firstPasid, LookLimit limit, Visitor visitor) {
        int entries = Math.min(Gcr3Table.ENTRIES, Gcr3Table.index(level, Gcr3Table.largestPasid(glx)) + 1);
        int bytes = entries * ENTRY_BYTES;
        boolean[] complete = {PresentEntries.isComplete(memory, table, bytes)};
        PresentEntries.forEach(memory, table, bytes, ENTRY_BYTES, address -> {
            limit.spend(1);
            long entry = memory.loadAcquire(address);
            if (!Gcr3TableEntry.V.isSet(entry)) {
                return true;
            }
            int pasid = Gcr3Table.pasid(firstPasid, level, (int) ((address - table) / ENTRY_BYTES));
            long pointer = Gcr3TableEntry.ADDRESS.getAddress(entry);
            if (level == 0) {
                visitor.guestCr3(pasid, pointer);
                return true;
            }
            OptionalLong next = pointers.toSystem(pointer);
            if (next.isPresent()) {
                TableOverlap.refuse(
                        "a GCR3 table", table, bytes, "GCR3 entry", address, next.getAsLong(), Gcr3Table.BYTES);
                complete[0] &= forEach(next.getAsLong(), level - 1, pasid, limit, visitor);
            }
            return true;
        });
        return complete[0];
    }

    /**
     * The guest CR3 of a PASID; empty if the tables have none.
     *
     * @throws dev.sva4j.spi.MemoryAbortException if what leads to it is not in the image
     */
    OptionalLong find(int pasid) {
        if (pasid < 0 || pasid > Gcr3Table.largestPasid(glx)) {
            return OptionalLong.empty();
        }
        OptionalLong table = root;
        for (int level = glx; table.isPresent(); level--) {
            long entry = memory.loadAcquire(Gcr3Table.entryAddress(table.getAsLong(), level, pasid));
            if (!Gcr3TableEntry.V.isSet(entry)) {
                return OptionalLong.empty();
            }
            long pointer = Gcr3TableEntry.ADDRESS.getAddress(entry);
            if (level == 0) {
                return OptionalLong.of(pointer);
            }
            table = pointers.toSystem(pointer);
        }
        return table;
    }
}
