package dev.sva4j.spi.inspect;

import dev.sva4j.spi.MemoryRange;
import dev.sva4j.spi.PhysicalMemory;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import org.apiguardian.api.API;

/**
 * The entries of a table that are in an image. Registers may claim a table of many gigabytes: going over what is there,
 * instead of over what is claimed, bounds the time by the size of the image.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class PresentEntries {
    private PresentEntries() {}

    /** Address of the first entry that is in memory. */
    public static OptionalLong first(PhysicalMemory memory, long table, long bytes, int entryBytes) {
        long[] found = {0};
        boolean none = forEach(memory, table, bytes, entryBytes, address -> {
            found[0] = address;
            return false;
        });
        return none ? OptionalLong.empty() : OptionalLong.of(found[0]);
    }

    /**
     * Visits the addresses of the entries that are in memory as a whole, in ascending order.
     *
     * @param table address of the table, below 2^63
     * @param bytes its size, a multiple of {@code entryBytes}; its end is below 2^63, too
     * @param visitor whether to go on
     * @return whether the visitor has always said so
     */
    public static boolean forEach(
            PhysicalMemory memory, long table, long bytes, int entryBytes, LongPredicate visitor) {
        long end = table + bytes;
        for (MemoryRange range : memory.ranges()) {
            if (Long.compareUnsigned(range.start(), end) >= 0) {
                return true;
            }
            long rangeEnd = Long.compareUnsigned(range.last(), end) >= 0 ? end : range.last() + 1;
            long skipped = Math.max(0, range.start() - table);
            long address = table + (skipped + entryBytes - 1) / entryBytes * entryBytes;
            for (; address + entryBytes <= rangeEnd; address += entryBytes) {
                if (!visitor.test(address)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether all of a table is in memory. */
    public static boolean isComplete(PhysicalMemory memory, long table, long bytes) {
        return memory.contains(table, bytes);
    }
}
