package dev.sva4j.spi.pagetable;

import org.apiguardian.api.API;

/**
 * Receives what {@link PageTableReader#visit} finds, in ascending order of addresses. Exceptions end the walk.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
@FunctionalInterface
public interface PageTableVisitor {
    /** A present leaf. */
    void leaf(Mapping leaf);

    /**
     * A table is entered.
     *
     * @param level of the table
     * @param va first address that it translates
     * @param tableAddress its physical address
     */
    default void table(int level, long va, long tableAddress) {}

    /**
     * A table, or a part of it, is not in memory: what {@code start … last} maps is unknown.
     *
     * @param level of the table
     * @param tableAddress physical address of the table
     */
    default void notInMemory(int level, long start, long last, long tableAddress) {}

    /**
     * An entry points back to a table through which the walk has come, or does not lead downwards. Unless this throws,
     * the walk goes on behind it.
     *
     * @param level of the entry
     * @param va first address that the entry covers
     * @param entryAddress physical address of the entry
     * @param tableAddress where it points to
     * @throws MalformedPageTableException always, by default
     */
    default void loop(int level, long va, long entryAddress, long tableAddress) {
        throw new MalformedPageTableException(
                tableAddress,
                String.format(
                        "page tables lead in a circle: entry 0x%x (level %d, address 0x%x) points to 0x%x, "
                                + "which is not below it",
                        entryAddress, level, va, tableAddress));
    }
}
