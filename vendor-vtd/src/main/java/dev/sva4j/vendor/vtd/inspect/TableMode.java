package dev.sva4j.vendor.vtd.inspect;

import dev.sva4j.spi.IommuInspector.EntryState;
import dev.sva4j.spi.inspect.EntryList;
import dev.sva4j.spi.inspect.LookLimit;
import org.jspecify.annotations.Nullable;

/** What RTADDR.TTM decides: the shape of everything between the root table and the page tables. */
interface TableMode {
    String FIRST_LEVEL = "vtd-first-level";
    String SECOND_LEVEL = "vtd-second-level";
    String NESTED = "vtd-nested";

    /** Adds every entry with a meaning. */
    void list(EntryList entries, LookLimit limit);

    /**
     * The page tables of an entry, or null if it has none of one stage.
     *
     * @param pasid as in the list
     * @throws dev.sva4j.spi.MemoryAbortException if what leads to them is not in the image
     */
    @Nullable
    PageTables tables(int requester, int pasid);

    /**
     * What a request would meet.
     *
     * @throws dev.sva4j.spi.MemoryAbortException if the entry is not in the image
     */
    EntryState state(int requester, int pasid);

    /**
     * What a fault of the hardware half says of the machine of the image: the fault itself; or that something is not in the
     * dump, where the manual has one name for that and for more; or that our half cannot do what the machine could.
     *
     * @throws dev.sva4j.spi.MemoryAbortException if the entry is not in the image
     */
    String explain(String fault, int requester, int pasid);
}
