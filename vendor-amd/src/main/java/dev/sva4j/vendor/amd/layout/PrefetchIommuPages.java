package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** PREFETCH_IOMMU_PAGES (AMD-Vi 2.4): a hint that translations are going to be needed. */
public final class PrefetchIommuPages {

    static final int OPCODE = 6;

    public static final StructLayout LAYOUT = CommandLayout.builder("PREFETCH_IOMMU_PAGES")
            .field("DeviceID", 0, 15, 0, "device")
            .field("PFCount", 0, 31, 24, "pages")
            .field("PASID", 0, 51, 32, "PASID, if GN")
            .include(InvalidationRange.S)
            .bit("GN", 1, 2, "guest virtual addresses of the PASID")
            .bit("Inval", 1, 4, "what is cached is dropped first")
            .include(InvalidationRange.ADDRESS)
            .build();

    public static final BitField DEVICE_ID = LAYOUT.field("DeviceID");
    public static final BitField PF_COUNT = LAYOUT.field("PFCount");
    public static final BitField PASID = LAYOUT.field("PASID");
    public static final BitField S = LAYOUT.field("S");
    public static final BitField GN = LAYOUT.field("GN");
    public static final BitField INVAL = LAYOUT.field("Inval");
    public static final BitField ADDRESS = LAYOUT.field("Address");

    private PrefetchIommuPages() {}

    /** First word; {@code pasid} is 0 without GN. */
    public static long word0(int deviceId, int pages, int pasid) {
        return CommandLayout.word0(OPCODE) | DEVICE_ID.encode(deviceId) | PF_COUNT.encode(pages) | PASID.encode(pasid);
    }

    /** Second word for pages of 4 KiB from {@code address} on. */
    public static long word1(long address, boolean gn, boolean inval) {
        return ADDRESS.encodeAddress(address) | GN.encode(gn) | INVAL.encode(inval);
    }
}
