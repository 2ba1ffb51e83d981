package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * iotlb_inv, the IOTLB invalidate descriptor (VT-d 6.5.2). Word 1 is 0 unless pages are selected.
 *
 * <p>Selecting pages selects second-stage and pass-through entries only: of first-stage and nested entries all of the domain
 * go.
 */
public final class IotlbInvalidate {

    static final int TYPE = 2;

    public static final int G_GLOBAL = 1;
    public static final int G_DOMAIN = 2;
    /** Needs CAP.PSI. */
    public static final int G_PAGE = 3;

    public static final StructLayout LAYOUT = DescriptorType.layout("iotlb_inv")
            .field("G", 0, 5, 4, "granularity")
            .values("", "global", "domain", "page")
            .bit("DW", 0, 6, "drain writes")
            .bit("DR", 0, 7, "drain reads")
            .field("DID", 0, 31, 16, "domain")
            .field("AM", 1, 5, 0, "aligned block of 2^AM pages, at most CAP.MAMV")
            .bit("IH", 1, 6, "only leaves changed")
            .address("ADDR", 1, 63, 12, "page")
            .build();

    public static final BitField G = LAYOUT.field("G");
    public static final BitField DW = LAYOUT.field("DW");
    public static final BitField DR = LAYOUT.field("DR");
    public static final BitField DID = LAYOUT.field("DID");
    public static final BitField AM = LAYOUT.field("AM");
    public static final BitField IH = LAYOUT.field("IH");
    public static final BitField ADDR = LAYOUT.field("ADDR");

    private IotlbInvalidate() {}

    public static long globalWord0(boolean drain) {
        return word0(G_GLOBAL, drain);
    }

    public static long domainWord0(int did, boolean drain) {
        return word0(G_DOMAIN, drain) | DID.encode(did);
    }

    public static long pageWord0(int did, boolean drain) {
        return word0(G_PAGE, drain) | DID.encode(did);
    }

    /** Second word for an aligned block of {@code 2^am} pages. */
    public static long pageWord1(long address, int am, boolean leavesOnly) {
        return ADDR.encodeAddress(address) | IH.encode(leavesOnly) | AM.encode(am);
    }

    /** Whether a page-selective descriptor reaches this address. */
    public static boolean reaches(long word1, long address) {
        return AddressBlock.contains(ADDR.getAddress(word1), (int) AM.get(word1), address);
    }

    private static long word0(int granularity, boolean drain) {
        return DescriptorType.word0(TYPE) | G.encode(granularity) | DR.encode(drain) | DW.encode(drain);
    }
}
