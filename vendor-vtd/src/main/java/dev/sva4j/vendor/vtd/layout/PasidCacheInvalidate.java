package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** pc_inv, the PASID-cache invalidate descriptor (VT-d 6.5.2). Word 1 is 0. */
public final class PasidCacheInvalidate {

    static final int TYPE = 7;

    public static final int G_DOMAIN = 0;
    public static final int G_PASID = 1;
    public static final int G_GLOBAL = 3;

    public static final StructLayout LAYOUT = DescriptorType.layout("pc_inv")
            .field("G", 0, 5, 4, "granularity")
            .values("domain", "PASID", "", "global")
            .field("DID", 0, 31, 16, "domain")
            .field("PASID", 0, 51, 32, "PASID")
            .build();

    public static final BitField G = LAYOUT.field("G");
    public static final BitField DID = LAYOUT.field("DID");
    public static final BitField PASID = LAYOUT.field("PASID");

    private PasidCacheInvalidate() {}

    public static long globalWord0() {
        return DescriptorType.word0(TYPE) | G.encode(G_GLOBAL);
    }

    public static long domainWord0(int did) {
        return DescriptorType.word0(TYPE) | G.encode(G_DOMAIN) | DID.encode(did);
    }

    /** One PASID in one domain. */
    public static long pasidWord0(int did, int pasid) {
        return DescriptorType.word0(TYPE) | G.encode(G_PASID) | DID.encode(did) | PASID.encode(pasid);
    }
}
