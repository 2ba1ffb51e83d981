package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * External abort: an access reached no memory. A hardware half turns it into its own fault (a fetch abort, a master
 * abort); software that sees it has followed a bad pointer.
 *
 * <p>It carries no stack trace: hardware halves meet it on ordinary paths.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class MemoryAbortException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The first address that could not be accessed. */
    private final long address;

    /** An abort of an access to {@code address}, for the reason given (a clause, e.g. "no memory there"). */
    public MemoryAbortException(long address, String reason) {
        super(String.format("access to physical address 0x%x aborted: %s", address, reason), null, false, false);
        this.address = address;
    }

    /** The first physical address that could not be accessed. */
    public long address() {
        return address;
    }
}
