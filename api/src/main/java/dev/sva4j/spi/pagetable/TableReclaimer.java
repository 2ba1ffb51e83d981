package dev.sva4j.spi.pagetable;

import org.apiguardian.api.API;

/**
 * Takes tables that have left the tree. A walker may still be inside, or hold a pointer to it in a walker cache: the
 * frame goes back to its allocator only after an invalidation that includes upper-level entries has completed
 * (invariant I16). Must not throw.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
@FunctionalInterface
public interface TableReclaimer {
    /**
     * A table was unlinked.
     *
     * @param table its physical address
     * @param log2Size log2 of its bytes as they were allocated
     */
    void reclaim(long table, int log2Size);
}
