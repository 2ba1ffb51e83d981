package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * A DMA channel of a device: what a device model uses to reach memory.
 *
 * <p>A channel does one thing at a time: blocking calls come from one thread at a time (checked: BUSY); open one
 * channel per thread. Asynchronous operations queue up behind each other on a task of the channel's own and do not
 * disturb blocking ones.
 *
 * <p>Blocking calls on a translation hit allocate nothing. They return a status, never an exception, for anything that
 * a device can run into. {@code pasid} −1 means a request without a PASID.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface DmaPort {
    /** A request without a PASID. */
    int NO_PASID = -1;

    /**
     * Reads memory into {@code target}.
     *
     * @throws SvaException RANGE if {@code pasid} is wider than the device's; UNSUPPORTED if the IOMMU model cannot
     *     carry such requests
     */
    DmaStatus read(int pasid, long address, byte[] target, int offset, int length);

    /** Writes {@code source} to memory; errors as for {@link #read}. */
    DmaStatus write(int pasid, long address, byte[] source, int offset, int length);

    /**
     * Adds to a 64-bit word (8-byte aligned); {@link #lastResult()} is its old value.
     *
     * @throws SvaException as for {@link #read}; INVALID if the address is not aligned
     */
    DmaStatus fetchAdd(int pasid, long address, long operand);

    /**
     * Replaces a 64-bit word (8-byte aligned) if it equals {@code comparand}; {@link #lastResult()} is its old value.
     */
    DmaStatus compareAndSwap(int pasid, long address, long comparand, long operand);

    /** Old value seen by the last atomic operation of this channel. */
    long lastResult();

    /**
     * Asks for a translation and keeps it in the device's ATC, with page requests as needed. UNSUPPORTED_REQUEST
     * without ATS.
     */
    DmaStatus prefetch(int pasid, long address, Access access);

    /** Starts a read and returns at once. {@code target} belongs to the operation until it has ended. */
    DmaOperation readAsync(int pasid, long address, byte[] target, int offset, int length);

    /** Starts a write and returns at once. {@code source} belongs to the operation until it has ended. */
    DmaOperation writeAsync(int pasid, long address, byte[] source, int offset, int length);
}
