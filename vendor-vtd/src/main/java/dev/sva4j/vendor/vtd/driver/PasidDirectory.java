package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.driver.LeafTables;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.vendor.vtd.layout.PasidDirectoryEntry;
import dev.sva4j.vendor.vtd.layout.PasidTable;

/**
 * The PASID directory of one device and the PASID tables below it (VT-d 9.5, 9.6). Tables are allocated when an entry in them
 * is first needed, and stay until the device is detached. Thread-safe.
 */
final class PasidDirectory {
    private final TableMemory memory;
    private final int pasidBits;
    private final int pdts;
    private final long root;
    private final LeafTables tables;

    /**
     * Allocates the directory, empty. Its smallest size has an entry for the PASID of untagged traffic too.
     *
     * @param pasidBits what the device can emit and the unit takes
     * @throws dev.sva4j.api.SvaException NO_MEMORY
     */
    PasidDirectory(TableMemory memory, int pasidBits) {
        this.memory = memory;
        this.pasidBits = pasidBits;
        this.pdts = PasidTable.pdts(pasidBits);
        this.root = memory.allocate(PasidTable.directoryBytes(pdts), "the PASID directory");
        this.tables = new LeafTables(PasidTable.directoryEntries(pdts));
    }

    /** Bits of the PASIDs that it serves. */
    int pasidBits() {
        return pasidBits;
    }

    /** PDTS of the context entry. */
    int pdts() {
        return pdts;
    }

    /** PASIDDIRPTR of the context entry. */
    long root() {
        return root;
    }

    /** Whether there is an entry for a PASID that the device can emit. */
    boolean contains(int pasid) {
        return pasid == Bond.RID_PASID || pasid <= PasidTable.largest(pasidBits);
    }

    /**
     * Finds an entry, after allocating its table if it has none. The contents come before the pointer.
     *
     * @throws dev.sva4j.api.SvaException NO_MEMORY; nothing has changed
     */
    long entryAddress(int pasid) {
        return tables.slot(
                        PasidTable.directoryIndex(pasid), () -> hookInTable(pasid), PasidTable.entryAddress(0, pasid))
                .address();
    }

    private long hookInTable(int pasid) {
        long table = memory.allocate(PasidTable.BYTES, "a PASID table");
        memory.store(PasidTable.directoryEntryAddress(root, pasid), PasidDirectoryEntry.encode(table));
        return table;
    }

    /** Returns all memory. No context entry refers to the directory and no cache holds any of it. */
    void free() {
        tables.free(memory);
        memory.free(root);
    }
}
