package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * p_iotlb_inv, the PASID-based IOTLB invalidate descriptor (VT-d 6.5.2). Word 1 is 0 unless pages are selected, which reaches
 * first-stage and nested entries only. Any AM is accepted: CAP.MAMV does not count.
 */
public final class PasidIotlbInvalidate {

    static final int TYPE = 6;

    public static final int G_PASID = 2;
    public static final int G_PAGE = 3;

    public static final StructLayout LAYOUT = DescriptorType.layout("p_iotlb_inv")
            .field("G", 0, 5, 4, "granularity")
            .values("", "", "PASID", "page")
            .field("DID", 0, 31, 16, "domain")
            .field("PASID", 0, 51, 32, "PASID")
            .field("AM", 1, 5, 0, "aligned block of 2^AM pages")
            .bit("IH", 1, 6, "only leaves changed")
            .address("ADDR", 1, 63, 12, "page")
            .build();

    public static final BitField G = LAYOUT.field("G");
    public static final BitField DID = LAYOUT.field("DID");
    public static final BitField PASID = LAYOUT.field("PASID");
    public static final BitField AM = LAYOUT.field("AM");
    public static final BitField IH = LAYOUT.field("IH");
    public static final BitField ADDR = LAYOUT.field("ADDR");

    private PasidIotlbInvalidate() {}

    public static long pasidWord0(int did, int pasid) {
        return DescriptorType.word0(TYPE) | G.encode(G_PASID) | DID.encode(did) | PASID.encode(pasid);
    }

    public static long pageWord0(int did, int pasid) {
        return DescriptorType.word0(TYPE) | G.encode(G_PAGE) | DID.encode(did) | PASID.encode(pasid);
    }

    /** Second word for an aligned block of {@code 2^am} pages. */
    public static long pageWord1(long address, int am, boolean leavesOnly) {
        return ADDR.encodeAddress(address) | IH.encode(leavesOnly) | AM.encode(am);
    }

    /** Whether a page-selective descriptor reaches this address. */
    public static boolean reaches(long word1, long address) {
        return AddressBlock.contains(ADDR.getAddress(word1), (int) AM.get(word1), address);
    }
}
