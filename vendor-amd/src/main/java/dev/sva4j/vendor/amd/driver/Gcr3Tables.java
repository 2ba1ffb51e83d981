package dev.sva4j.vendor.amd.driver;

import dev.sva4j.api.SvaException;
import dev.sva4j.spi.driver.LeafTables;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.vendor.amd.layout.Gcr3Table;
import dev.sva4j.vendor.amd.layout.Gcr3TableEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * The GCR3 table of one device, one to three levels (AMD-Vi 2.2.6). Tables below the top are allocated when an entry in them is
 * first needed, and stay until the device is detached. Thread-safe.
 */
final class Gcr3Tables {
    private final TableMemory memory;
    private final int largestPasid;
    private final int glx;
    private final long root;

    /** By level, the tables of all levels below the top. */
    private final List<LeafTables> below = new ArrayList<>();

    /**
     * Allocates the top table, empty. It has an entry for untagged traffic, too.
     *
     * @param pasidBits what the device can emit and the IOMMU takes
     * @throws dev.sva4j.api.SvaException NO_MEMORY
     */
    Gcr3Tables(TableMemory memory, int pasidBits) {
        this.memory = memory;
        this.largestPasid = Gcr3Table.largestPasidOf(pasidBits);
        this.glx = Gcr3Table.glx(largestPasid);
        this.root = memory.allocate(Gcr3Table.BYTES, "a GCR3 table");
        for (int level = 0; level < glx; level++) {
            below.add(new LeafTables(Gcr3Table.tables(glx, level)));
        }
    }

    /** GLX of the DTE. */
    int glx() {
        return glx;
    }

    /** GCR3TRP of the DTE. */
    long root() {
        return root;
    }

    /** The largest PASID that the device can emit. */
    int largestPasid() {
        return largestPasid;
    }

    boolean contains(int pasid) {
        return pasid >= 0 && pasid <= largestPasid;
    }

    /**
     * Finds the entry of a PASID, after allocating the tables above it that are missing. Contents come before pointers.
     *
     * @throws dev.sva4j.api.SvaException NO_MEMORY; nothing has changed
     */
    long entryAddress(int pasid) {
        return entryAddress(0, pasid);
    }

    private long entryAddress(int level, int pasid) {
        if (level == glx) {
            return Gcr3Table.entryAddress(root, level, pasid);
        }
        return below.get(level)
                .slot(
                        Gcr3Table.tableNumber(level, pasid),
                        () -> hookInTable(level, pasid),
                        Gcr3Table.entryAddress(0, level, pasid))
                .address();
    }

    private long hookInTable(int level, int pasid) {
        // First, so that nothing is left of the tables above if there is no memory for this one.
        long table = memory.allocate(Gcr3Table.BYTES, "a GCR3 table");
        long pointer;
        try {
            pointer = entryAddress(level + 1, pasid);
        } catch (SvaException e) {
            memory.free(table);
            throw e;
        }
        memory.store(pointer, Gcr3TableEntry.encode(table));
        return table;
    }

    /** Returns all memory. No DTE refers to the table and no cache holds any of it. */
    void free() {
        below.forEach(tables -> tables.free(memory));
        memory.free(root);
    }
}
