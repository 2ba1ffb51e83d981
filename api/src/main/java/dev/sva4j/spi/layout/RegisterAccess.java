package dev.sva4j.spi.layout;

import org.apiguardian.api.API;

/**
 * What software may do with a register, or with one field of it.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public enum RegisterAccess {
    /** Writes change nothing. */
    READ_ONLY("RO"),
    /** A write replaces the value. */
    READ_WRITE("RW"),
    /** A write acts; a read says nothing useful. */
    WRITE_ONLY("WO"),
    /** A write of 1 clears the bit, a write of 0 leaves it. */
    WRITE_ONE_TO_CLEAR("RW1C");

    private final String label;

    RegisterAccess(String label) {
        this.label = label;
    }

    /** The abbreviation that manuals use. */
    public String label() {
        return label;
    }
}
