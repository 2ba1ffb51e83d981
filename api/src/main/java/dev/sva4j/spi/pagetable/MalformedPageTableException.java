package dev.sva4j.spi.pagetable;

import org.apiguardian.api.API;

/**
 * Tables that cannot be walked to an end: one that leads back to itself, or more of them than there can be.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class MalformedPageTableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Physical address of the table where the walk stopped. */
    private final long tableAddress;

    /** A walk that stopped at the table at {@code tableAddress}; the message is complete as it stands. */
    public MalformedPageTableException(long tableAddress, String message) {
        super(message);
        this.tableAddress = tableAddress;
    }

    /** Physical address of the table where the walk stopped. */
    public long tableAddress() {
        return tableAddress;
    }
}
