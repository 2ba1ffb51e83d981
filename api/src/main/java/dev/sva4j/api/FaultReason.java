package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * Why an access failed, in words that all IOMMUs share; {@link FaultRecord#vendorCode()} has the exact one.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum FaultReason {
    /** The entry of the device is missing, invalid or unreadable. */
    BAD_DEVICE_ENTRY,
    /** The entry of the PASID is missing, invalid or unreadable. */
    BAD_PASID_ENTRY,
    /** No translation at this address. */
    NOT_PRESENT,
    /** A translation is there, but not with this right. */
    PERMISSION,
    /** The leaf has not been marked accessed and hardware may not do so. */
    ACCESS_FLAG,
    /** An address too wide for the input or the output. */
    ADDRESS_SIZE,
    /** A page table could not be read. */
    WALK_ABORT,
    /** A request of a kind that the device may not issue (ATS off, translated request forbidden). */
    FORBIDDEN_REQUEST,
    /** Anything else; see the vendor's code. */
    OTHER
}
