package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * An address space as a driver half knows it: the root of its page tables and the cache tag that keeps it apart from
 * others (ASID, domain id). Opaque to core; made by {@link IommuDriver#openContext}, valid until {@link
 * IommuDriver#closeContext}.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface TranslationContext {
    /** Physical address of the top table. */
    long root();

    /** The complete cache tag, unique among the open contexts of one IOMMU; for traces and messages. */
    String tag();
}
