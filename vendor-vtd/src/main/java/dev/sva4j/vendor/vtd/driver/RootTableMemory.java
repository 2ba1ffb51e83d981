package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.driver.LeafTables;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.vtd.layout.RequesterId;
import dev.sva4j.vendor.vtd.layout.RootTable;
import dev.sva4j.vendor.vtd.layout.ScalableRootEntry;

/**
 * The root table and the context tables below it (VT-d 9.2, 9.4), without an entry for any device that nobody has attached:
 * its requests are blocked. Context tables are allocated when a device first needs them and stay until the driver closes.
 */
final class RootTableMemory {
    /** A bus has a lower and an upper context table. */
    private static final int TABLES_OF_A_BUS = 2;

    private final Unit unit;
    private final TableMemory memory;
    private final long root;
    private final LeafTables contextTables = new LeafTables(RootTable.ENTRIES * TABLES_OF_A_BUS);

    /** Allocates the root table. */
    RootTableMemory(Unit unit, TableMemory memory) {
        this.unit = unit;
        this.memory = memory;
        this.root = memory.allocate(RootTable.BYTES, "the root table");
    }

    /** RTADDR.RTA. */
    long root() {
        return root;
    }

    /**
     * Finds a context entry, after allocating its table if it has none. The contents come before the pointer.
     *
     * @throws dev.sva4j.api.SvaException RANGE, NO_MEMORY; nothing has changed
     */
    long contextEntryAddress(int requester) {
        long sid = Integer.toUnsignedLong(requester);
        if (!RequesterId.isValid(sid)) {
            throw unit.refusal(SvaError.RANGE, String.format("0x%x is no PCI requester id of 16 bits", sid));
        }
        int half = RootTable.isUpper(sid) ? 1 : 0;
        return contextTables
                .slot(
                        RequesterId.bus(sid) * TABLES_OF_A_BUS + half,
                        () -> hookInTable(sid, half),
                        RootTable.scalableContextAddress(0, sid))
                .address();
    }

    private long hookInTable(long sid, int half) {
        long table = memory.allocate(RootTable.BYTES, "a context table");
        memory.store(RootTable.entryAddress(root, sid) + (long) half * Long.BYTES, ScalableRootEntry.half(table));
        return table;
    }
}
