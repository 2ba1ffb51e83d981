package dev.sva4j.spi;

import dev.sva4j.api.Access;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Decoder of one set of IOMMU tables in memory. Reads only; thread-safe as far as the memory is. Bounded: a table that
 * points to itself ends in an error, never in an endless loop.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface IommuInspector {
    /**
     * Every device and PASID that has an entry which is not plain abort, in ascending order.
     *
     * @throws dev.sva4j.api.SvaException INVALID if tables contradict themselves
     */
    List<Entry> entries();

    /** Visits every leaf under {@code entry} in ascending order of device addresses. */
    void mappings(Entry entry, LeafVisitor visitor);

    /**
     * Answers one request as the IOMMU would, for a user-privilege requester, with cold caches.
     *
     * @param requester requester id or StreamID
     * @param pasid 0 … 2^20−1, or {@link Pasid#NONE}
     */
    Answer translate(int requester, int pasid, long address, Access access);

    /** What the entry of (device, PASID) says in memory now. */
    EntryState state(int requester, int pasid);

    /**
     * A device, or a device and PASID, with what its entry says.
     *
     * @param requester requester id or StreamID
     * @param pasid PASID, or {@link Pasid#NONE} where the device has no PASID table. Where an entry of the table serves
     *     requests without a PASID, it is listed as what the table says: by its index on VT-d (RID_PASID) and AMD-Vi
     *     (GIoV), as {@link Pasid#NONE} on Arm, whose substream 0 then serves no tagged requests
     * @param kind {@code translated}, {@code passthrough}, {@code bypass}, {@code quiesced}, {@code bad-entry}, {@code
     *     no-pasid-entry}
     * @param format of its page tables, e.g. {@code lpae-stage1}; empty if there are none
     * @param root physical address of the top table, or 0
     */
    record Entry(int requester, int pasid, String kind, String format, long root) {}

    /** Receives leaves. */
    interface LeafVisitor {
        /**
         * A leaf.
         *
         * @param rights effective {@code Rights} bits of {@code dev.sva4j.spi.pagetable}, restrictions of upper levels
         *     included
         */
        void leaf(long iova, long pa, long size, int rights);

        /** A table that is not in the image: the leaves of {@code [iova, iova + size)} are unknown. */
        void notInImage(long iova, long size, long tableAddress);
    }

    /**
     * Outcome of a translation.
     *
     * @param pa physical address if {@code fault} is null
     * @param fault the vendor's name of the fault, {@code not in dump} if a table is missing from the image, or null
     */
    record Answer(long pa, @Nullable String fault) {}

    /** What an entry says, in the words of the life cycle. */
    enum EntryState {
        /** No entry: accesses are faults that are reported. */
        EMPTY,
        /** Accesses translate through the tables of a process. */
        LIVE,
        /** Accesses abort in silence. */
        QUIESCED
    }
}
