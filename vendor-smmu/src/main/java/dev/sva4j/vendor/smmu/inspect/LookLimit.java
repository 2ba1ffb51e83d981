package dev.sva4j.vendor.smmu.inspect;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;

/**
 * Bounds how many table entries one listing looks at. Tables that overlap each other can hold, in little memory, more
 * entries than anyone wants to wait for. Used by one thread.
 */
final class LookLimit {
    /** Looked at in about a second; a machine with a thousand devices of a thousand PASIDs each needs a hundredth. */
    private static final long MOST = 1L << 27;

    private final long most;
    private long left;

    LookLimit() {
        this(MOST);
    }

    LookLimit(long most) {
        this.most = most;
        this.left = most;
    }

    /** Accounts for the entries of a table before they are read. */
    void spend(long entries) {
        left -= entries;
        if (left < 0) {
            throw new SvaException(
                    SvaError.INVALID,
                    "the stream table leads to more than " + most
                            + " entries; registers and image do not belong together, "
                            + "or tables overlap each other");
        }
    }
}
