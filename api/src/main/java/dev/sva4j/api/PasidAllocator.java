package dev.sva4j.api;

import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The one allocator of PASIDs of a system: numbers of processes and private ones come from the same space.
 *
 * <p>Numbers are handed out cyclically (next fit) within the asked range, so that a number which was just returned is
 * not taken again at once. A number of a process belongs to it until its last bond, in whatever state, has ended under
 * the exit policy and the last reference to its address space is gone. 0 is never handed out.
 *
 * <p>Thread-safe; never waits. Linux: {@code iommu_alloc_global_pasid}.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface PasidAllocator {
    /**
     * Allocates a private PASID: one that never stands for a process. It starts with one holder.
     *
     * @param owner for messages and traces
     * @throws SvaException NO_SPACE if the range is exhausted
     */
    int allocatePrivate(PasidRange range, String owner);

    /**
     * Adds a holder to a private PASID.
     *
     * @throws SvaException NOT_FOUND if it is not a private PASID
     */
    void retain(int pasid);

    /**
     * Ends one hold of a private PASID; with the last it returns to the space.
     *
     * @throws SvaException NOT_FOUND if it is not a private PASID
     */
    void release(int pasid);

    /**
     * Takes a range out of use, e.g. for a guest.
     *
     * @throws SvaException BUSY if a number of it is allocated: then nothing is reserved
     */
    void reserve(PasidRange range, String owner);

    /** Who has {@code pasid}: a process, a private owner or a reservation; empty if it is free. */
    Optional<String> owner(int pasid);

    /** Numbers that belong to processes or private owners now; reservations do not count. */
    int allocated();
}
