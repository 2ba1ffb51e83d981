package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * Told what happens in a system. Calls come from whatever thread did it, holding no lock; they must not block and must
 * not call back into what they are told of. What they throw is logged and goes no further.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface SvaListener {
    /** An unrecoverable fault that is reported: the system log of a kernel. */
    default void faultReported(FaultRecord fault) {}

    /**
     * A fault record which hardware wrote and software dropped, because its PASID is quiesced or a user's own error.
     */
    default void faultDropped(FaultRecord fault) {}

    /** The event queue of an IOMMU overflowed: reports may be missing. */
    default void faultsLost(String unit) {}

    /** A recoverable fault reached software. {@code kind} is PRI or STALL. */
    default void pageRequested(
            String device, int pasid, long address, Access access, int group, boolean last, String kind) {}

    /** A page-request group was answered; {@code code} is SUCCESS, INVALID or FAILURE. */
    default void pageResponded(String device, int pasid, int group, String code) {}

    /** A bond changed its state. */
    default void bondChanged(SvaBond bond, BondState from, BondState to) {}

    /** Mappings changed and every cache that may hold {@code [start, last]} of {@code mm} was told. */
    default void invalidated(AddressSpace mm, long start, long last) {}

    /** Exit of {@code mm} has begun. */
    default void exitStarted(AddressSpace mm) {}

    /** Page tables and frames of {@code mm} were given back. */
    default void reclaimed(AddressSpace mm) {}

    /** An exit callback starts. */
    default void mmExitStarted(SvaBond bond) {}

    /** An exit callback has returned. */
    default void mmExitReturned(SvaBond bond) {}

    /** An exit callback threw; it counts as returned. */
    default void mmExitFailed(SvaBond bond, Throwable failure) {}

    /** A PASID was returned to the allocator. */
    default void pasidFreed(int pasid) {}

    /** A device was cut off (bus master and ATS) because the hardware did not confirm an invalidation in time. */
    default void deviceFenced(String device, String reason) {}
}
