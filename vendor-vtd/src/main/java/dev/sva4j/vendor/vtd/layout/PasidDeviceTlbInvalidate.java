package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.SplitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * p_dev_tlb_inv, the PASID-based device-TLB invalidate descriptor (VT-d 6.5.2). SID, MIP and S are elsewhere than in
 * {@link DeviceTlbInvalidate}.
 */
public final class PasidDeviceTlbInvalidate {

    static final int TYPE = 8;

    public static final StructLayout LAYOUT = DescriptorType.layout("p_dev_tlb_inv")
            .field("MIP", 0, 8, 4, "invalidations that may be pending; 0 = 32")
            .split(
                    "PFSID",
                    "requester that counts for MIP; 0 without ECAP.DIT",
                    new SplitField.Piece(0, 15, 12, 0),
                    new SplitField.Piece(0, 63, 52, 4))
            .field("SID", 0, 31, 16, "requester")
            .field("PASID", 0, 51, 32, "PASID")
            .bit("GI", 1, 0, "every PASID")
            .bit("S", 1, 11, "more than a page")
            .address("ADDR", 1, 63, 12, "address and size")
            .build();

    public static final BitField MIP = LAYOUT.field("MIP");
    public static final SplitField PFSID = LAYOUT.split("PFSID");
    public static final BitField SID = LAYOUT.field("SID");
    public static final BitField PASID = LAYOUT.field("PASID");
    public static final BitField GI = LAYOUT.field("GI");
    public static final BitField S = LAYOUT.field("S");
    public static final BitField ADDR = LAYOUT.field("ADDR");

    private PasidDeviceTlbInvalidate() {}

    /** First word. {@code pfsid} is 0 without ECAP.DIT; {@code mip} is 0 for 32. */
    public static long word0(long sid, int pasid, long pfsid, int mip) {
        return PFSID.put(0, DescriptorType.word0(TYPE), pfsid)
                | MIP.encode(mip)
                | SID.encode(sid)
                | PASID.encode(pasid);
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
