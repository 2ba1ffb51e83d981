package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * INVALIDATE_IOMMU_PAGES (AMD-Vi 2.4): cached translations of a domain are dropped. {@link InvalidationRange} says of
 * which addresses: guest virtual ones of a PASID with GN, else those of the domain whatever the PASID field says.
 */
public final class InvalidateIommuPages {

    static final int OPCODE = 3;

    public static final StructLayout LAYOUT = CommandLayout.builder("INVALIDATE_IOMMU_PAGES")
            .field("PASID", 0, 19, 0, "PASID, if GN")
            .field("DomainID", 0, 47, 32, "domain")
            .include(InvalidationRange.S)
            .bit("PDE", 1, 1, "entries that point to tables, too")
            .bit("GN", 1, 2, "guest virtual addresses")
            .include(InvalidationRange.ADDRESS)
            .build();

    public static final BitField PASID = LAYOUT.field("PASID");
    public static final BitField DOMAIN_ID = LAYOUT.field("DomainID");
    public static final BitField S = LAYOUT.field("S");
    public static final BitField PDE = LAYOUT.field("PDE");
    public static final BitField GN = LAYOUT.field("GN");
    public static final BitField ADDRESS = LAYOUT.field("Address");

    private InvalidateIommuPages() {}

    /** First word for all that a domain has without PASID. */
    public static long word0(int domainId) {
        return CommandLayout.word0(OPCODE) | DOMAIN_ID.encode(domainId);
    }

    /** First word for a PASID of a domain. */
    public static long word0(int domainId, int pasid) {
        return word0(domainId) | PASID.encode(pasid);
    }

    /**
     * Second word.
     *
     * @param range {@link InvalidationRange#word1} or {@link InvalidationRange#ALL}
     */
    public static long word1(long range, boolean gn, boolean pde) {
        return range | GN.encode(gn) | PDE.encode(pde);
    }
}
