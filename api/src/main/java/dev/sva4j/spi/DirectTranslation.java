package dev.sva4j.spi;

import dev.sva4j.api.Access;
import org.apiguardian.api.API;

/**
 * Optional fast path of a hardware half: a translation without a transaction, for tools and measurements. It fills
 * caches and records faults like an untranslated read or write would, but touches no data and is not tracked as DMA in
 * flight.
 *
 * <p>Thread-safe; allocates nothing.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
@FunctionalInterface
public interface DirectTranslation {
    /**
     * Translates one address.
     *
     * @param requester requester id or StreamID
     * @param pasid PASID, or {@link Pasid#NONE}
     * @param access what the (unprivileged) requester wants to do; EXECUTE is answered as the architecture answers a
     *     request that asks to execute, which it may refuse or take for a read
     * @return the physical address, or a negative number: minus the vendor's fault code
     */
    long translate(int requester, int pasid, long address, Access access);
}
