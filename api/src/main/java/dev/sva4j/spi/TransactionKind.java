package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * What a device port may be asked to carry. A hardware half lists what it can take; core refuses the rest before it is
 * sent.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum TransactionKind {
    /** Untranslated requests without a PASID. */
    UNTAGGED,
    /** Untranslated requests with a PASID. */
    PASID_TAGGED,
    /** ATS translation requests, and the translated requests that follow. */
    ATS,
    /** Page requests (PRI), group responses. */
    PAGE_REQUEST,
    /** Faulting requests that wait for software's answer (Arm stall). */
    STALL,
    /** Atomic operations. */
    ATOMIC
}
