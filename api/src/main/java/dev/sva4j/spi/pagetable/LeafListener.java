package dev.sva4j.spi.pagetable;

import org.apiguardian.api.API;

/**
 * Is told of each leaf that an operation has taken out or changed, with the entry as it was at that very moment: an
 * accessed or dirty bit that hardware set just before is in it. {@link PageTableFormat} decodes it.
 *
 * <p>The translation may still be in IOTLBs, device TLBs and CPU TLBs. The memory behind it may not be reused, nor a
 * lost right be relied on, before they were invalidated. Must not throw: the operation would stay half done.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
@FunctionalInterface
public interface LeafListener {
    /** Does nothing. */
    LeafListener NONE = (va, level, oldEntry) -> {};

    /**
     * A live leaf was replaced.
     *
     * @param va first address that it covered
     * @param level of the entry; it covered {@code 1 << format.indexShift(level)} bytes
     * @param oldEntry what was replaced
     */
    void changed(long va, int level, long oldEntry);
}
