package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.driver.ContextBonds;
import dev.sva4j.spi.pagetable.PageTableFormat;

/**
 * An address space, and the entries that refer to it now.
 *
 * <p>Host page tables have a DomainID of their own. Guest page tables have none: caches tag what they hold of them with the
 * DomainID of the device and the PASID, so an invalidation goes to each pair in which the address space is set. A pair is given
 * to another address space only after the caches have forgotten it.
 */
final class AmdContext implements TranslationContext {
    /** No DomainID is ever given out that is 0, as in Linux. */
    static final int NO_DOMAIN = 0;

    private final Iommu owner;
    private final PageTableFormat format;
    private final long root;
    private final int domainId;
    private final ContextBonds<Bond> bonds = new ContextBonds<>();

    /**
     * A context that nothing refers to.
     *
     * @param domainId its own, or {@link #NO_DOMAIN} for guest page tables
     */
    AmdContext(Iommu owner, PageTableFormat format, long root, int domainId) {
        this.owner = owner;
        this.format = format;
        this.root = root;
        this.domainId = domainId;
    }

    /** The IOMMU that can walk it. */
    Iommu owner() {
        return owner;
    }

    /** How its tables are written. */
    PageTableFormat format() {
        return format;
    }

    int domainId() {
        return domainId;
    }

    boolean hasDomainOfItsOwn() {
        return domainId != NO_DOMAIN;
    }

    /** Whose caches an invalidation must reach. */
    ContextBonds<Bond> bonds() {
        return bonds;
    }

    @Override
    public long root() {
        return root;
    }

    @Override
    public String tag() {
        return hasDomainOfItsOwn() ? "DomainID " + domainId : String.format("guest CR3 0x%x", root);
    }

    @Override
    public String toString() {
        return String.format("%s at 0x%x, %s", format.name(), root, tag());
    }
}
