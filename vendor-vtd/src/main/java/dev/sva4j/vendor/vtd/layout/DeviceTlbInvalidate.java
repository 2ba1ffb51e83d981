package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.SplitField;
import dev.sva4j.spi.layout.StructLayout;

/** dev_tlb_inv, the device-TLB invalidate descriptor (VT-d 6.5.2), for translations of requests without PASID. */
public final class DeviceTlbInvalidate {

    static final int TYPE = 3;

    public static final StructLayout LAYOUT = DescriptorType.layout("dev_tlb_inv")
            .split(
                    "PFSID",
                    "requester that counts for MIP; 0 without ECAP.DIT",
                    new SplitField.Piece(0, 15, 12, 0),
                    new SplitField.Piece(0, 63, 52, 4))
            .field("MIP", 0, 20, 16, "invalidations that may be pending; 0 = 32")
            .field("SID", 0, 47, 32, "requester")
            .bit("S", 1, 0, "more than a page")
            .address("ADDR", 1, 63, 12, "address and size")
            .build();

    public static final SplitField PFSID = LAYOUT.split("PFSID");
    public static final BitField MIP = LAYOUT.field("MIP");
    public static final BitField SID = LAYOUT.field("SID");
    public static final BitField S = LAYOUT.field("S");
    public static final BitField ADDR = LAYOUT.field("ADDR");

    private DeviceTlbInvalidate() {}

    /** First word. {@code pfsid} is 0 without ECAP.DIT; {@code mip} is 0 for 32. */
    public static long word0(long sid, long pfsid, int mip) {
        return PFSID.put(0, DescriptorType.word0(TYPE), pfsid) | MIP.encode(mip) | SID.encode(sid);
    }

    /** Second word for the block of {@code 2^order} pages around an address. */
    public static long word1(long address, int order) {
        return ADDR.encodeAddress(DeviceTlbRange.address(address, order)) | S.encode(DeviceTlbRange.s(order));
    }

    /** Order of the block in a second word. */
    public static int order(long word1) {
        return DeviceTlbRange.order(ADDR.getAddress(word1), S.isSet(word1));
    }

    /** Start of the block in a second word. */
    public static long base(long word1) {
        return AddressBlock.base(ADDR.getAddress(word1), order(word1));
    }
}
