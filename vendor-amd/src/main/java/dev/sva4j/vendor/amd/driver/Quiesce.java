package dev.sva4j.vendor.amd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.amd.layout.Gcr3TableEntry;
import dev.sva4j.vendor.amd.layout.HostPageTable;

/**
 * What an entry says of an address space that is dead while DMA goes on. Either way hardware finds nothing, and logs what it
 * finds nothing for: no bit silences one PASID. Core drops those records by the state of the PASID.
 */
final class Quiesce {
    private final boolean cleared;

    /** The same for all, zeroed; of guest and host page tables alike. */
    private final long dummyRoot;

    /** Allocates the table. */
    Quiesce(Unit unit, DriverHost host, TableMemory memory) {
        this.cleared = switch (host.quiesceStrategy()) {
            case AmdDriver.DUMMY_ROOT -> false;
            case AmdDriver.CLEARED_ENTRY -> true;
            default ->
                throw unit.refusal(
                        SvaError.NOT_FOUND,
                        "no quiesce strategy '" + host.quiesceStrategy() + "'; there are " + AmdDriver.DUMMY_ROOT
                                + " and " + AmdDriver.CLEARED_ENTRY);
        };
        this.dummyRoot = memory.allocate((long) HostPageTable.ENTRIES * Long.BYTES, "the dummy root");
    }

    /** Whether entries are emptied. */
    boolean clears() {
        return cleared;
    }

    /** An empty top table. */
    long dummyRoot() {
        return dummyRoot;
    }

    /** The GCR3 entry of a quiesced PASID. */
    long gcr3Entry() {
        return cleared ? 0 : Gcr3TableEntry.encode(dummyRoot);
    }
}
