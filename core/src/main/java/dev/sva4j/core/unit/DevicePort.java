package dev.sva4j.core.unit;

import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;

/**
 * The device port upwards, as endpoints use it: the messages of {@link dev.sva4j.spi.IommuHardware} and nothing else of
 * it.
 */
public interface DevicePort {
    /** Whether the hardware half takes such requests. */
    boolean carries(TransactionKind kind);

    /** See {@link dev.sva4j.spi.IommuHardware#submit}. */
    void submit(Transaction transaction);

    /** See {@link dev.sva4j.spi.IommuHardware#pageRequest}. */
    void pageRequest(PageRequest request);

    /** See {@link dev.sva4j.spi.IommuHardware#atcInvalidationComplete}. */
    void atcInvalidationComplete(int requester, int tag);
}
