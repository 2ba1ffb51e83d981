package dev.sva4j.spi.inspect;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import org.apiguardian.api.API;

/**
 * Bounds how many table entries one listing looks at. Tables that overlap each other can hold, in little memory, more
 * entries than anyone wants to wait for. Used by one thread.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class LookLimit {
    /** Looked at in about a second; a machine with a thousand devices of a thousand PASIDs each needs a hundredth. */
    private static final long MOST = 1L << 27;

    private final String table;
    private final long most;
    private long left;

    /**
     * A limit that only tables which contradict themselves meet.
     *
     * @param table what leads to the entries, for the message: {@code the stream table}
     */
    public LookLimit(String table) {
        this(table, MOST);
    }

    /**
     * A limit of one's own.
     *
     * @param most how many entries may be looked at
     */
    public LookLimit(String table, long most) {
        this.table = table;
        this.most = most;
        this.left = most;
    }

    /**
     * Accounts for entries before they are read.
     *
     * @throws SvaException INVALID when the limit is reached
     */
    public void spend(long entries) {
        left -= entries;
        if (left < 0) {
            throw new SvaException(
                    SvaError.INVALID,
                    table + " leads to more than " + most
                            + " entries; registers and image do not belong together, "
                            + "or tables overlap each other");
        }
    }
}
