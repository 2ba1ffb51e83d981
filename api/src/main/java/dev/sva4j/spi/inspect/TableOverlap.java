package dev.sva4j.spi.inspect;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import org.apiguardian.api.API;

/**
 * Refuses tables that lead to themselves.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class TableOverlap {
    private TableOverlap() {}

    /**
     * Checks a pointer from one table to another.
     *
     * @param what the table that points, for the message: {@code the stream table}
     * @param table its address
     * @param bytes its size
     * @param entry the kind of entry that points: {@code L1STD}
     * @param entryAddress where that entry is
     * @param target address of the table that it points to
     * @param targetBytes size of that table
     * @throws SvaException INVALID if the two overlap
     */
    public static void refuse(
            String what, long table, long bytes, String entry, long entryAddress, long target, long targetBytes) {
        if (target < table + bytes && table < target + targetBytes) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format(
                            "%s points to itself: the %s at 0x%x leads to a table at 0x%x, "
                                    + "which overlaps the first level at 0x%x",
                            what, entry, entryAddress, target, table));
        }
    }
}
