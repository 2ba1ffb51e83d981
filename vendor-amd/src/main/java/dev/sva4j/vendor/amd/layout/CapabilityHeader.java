package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** First dword of the capability that makes a PCI function an IOMMU (Linux, Xen, VirtualBox). */
public final class CapabilityHeader {

    /** CapId, of a secure device. */
    public static final int CAP_ID_SECURE_DEVICE = 0xF;

    /** CapType, of an IOMMU. */
    public static final int CAP_TYPE_IOMMU = 3;

    public static final StructLayout LAYOUT = StructLayout.builder("capability header", 1, "Linux, Xen, VirtualBox")
            .field("CapId", 0, 7, 0, "0xf")
            .field("CapPtr", 0, 15, 8, "next capability")
            .field("CapType", 0, 18, 16, "3")
            .field("CapRev", 0, 23, 19, "revision")
            .bit("IotlbSup", 0, 24, "device TLBs (ATS): INVALIDATE_IOTLB_PAGES is legal")
            .bit("HtTunnel", 0, 25, "HyperTransport tunnel")
            .bit("NpCache", 0, 26, "entries that are not present may be cached")
            .bit("EFRSup", 0, 27, "the Extended Feature Register exists")
            .bit("CapExt", 0, 28, "Miscellaneous Information Register 1 exists")
            .build();

    public static final BitField CAP_ID = LAYOUT.field("CapId");
    public static final BitField CAP_PTR = LAYOUT.field("CapPtr");
    public static final BitField CAP_TYPE = LAYOUT.field("CapType");
    public static final BitField CAP_REV = LAYOUT.field("CapRev");
    public static final BitField IOTLB_SUP = LAYOUT.field("IotlbSup");
    public static final BitField HT_TUNNEL = LAYOUT.field("HtTunnel");
    public static final BitField NP_CACHE = LAYOUT.field("NpCache");
    public static final BitField EFR_SUP = LAYOUT.field("EFRSup");
    public static final BitField CAP_EXT = LAYOUT.field("CapExt");

    private CapabilityHeader() {}
}
