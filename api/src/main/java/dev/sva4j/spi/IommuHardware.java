package dev.sva4j.spi;

import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The hardware half of an IOMMU: a model of ours, QEMU in another process, an RTL simulation.
 *
 * <p>It has two ports. The <em>driver port</em> is {@link #registers()}, the memory of its {@link HardwareHost} and the
 * interrupts it sends. The <em>device port</em> is {@link #submit}, {@link #pageRequest} and {@link
 * #atcInvalidationComplete} upwards and {@link DeviceLink} downwards. It holds no reference to anything of a driver
 * half.
 *
 * <p>Thread-safe: any number of threads use both ports at the same time. No method blocks: what has to wait (a stalled
 * transaction, a command that waits for DMA in flight) is remembered and goes on with the event it waits for. Register
 * accesses may come from a thread that holds a driver's lock, so a hardware half never calls back into a driver;
 * interrupts are delivered by core on tasks of their own.
 *
 * <p><strong>Completion means quiescence</strong>: when an invalidation is reported as complete, no transaction that
 * used the old translation is going to touch memory any more.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface IommuHardware extends AutoCloseable {

    /** The registers, from the base of the IOMMU's register region. */
    Mmio registers();

    /** What {@link #submit} and {@link #pageRequest} can carry. */
    Set<TransactionKind> carries();

    /**
     * Takes a request of a device. It may complete before this returns, or later on any thread (stall).
     *
     * <p>Requests larger than a page may be cut; the bytes before a faulting page may have been transferred.
     *
     * @throws IllegalArgumentException if this half cannot carry it, see {@link #carries()}
     */
    void submit(Transaction transaction);

    /** Takes a page-request message of a function with PRI enabled. */
    void pageRequest(PageRequest request);

    /**
     * A function has answered {@link DeviceLink#invalidateAtc}: nothing that used the invalidated translations is in
     * flight.
     *
     * @param requester the function
     * @param tag of the invalidation
     */
    void atcInvalidationComplete(int requester, int tag);

    /** The fast path for tools and measurements, if this half has one. */
    default Optional<DirectTranslation> directTranslation() {
        return Optional.empty();
    }

    /** Stops everything: transactions that still wait are aborted. Idempotent. */
    @Override
    void close();
}
