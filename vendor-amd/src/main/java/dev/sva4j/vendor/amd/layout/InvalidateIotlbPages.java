package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.SplitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * INVALIDATE_IOTLB_PAGES (AMD-Vi 2.4): a device drops translations from its TLB, with a PASID if GN. Complete when
 * the device has answered.
 *
 * <p>PASID lies in three pieces. Linux and FreeBSD agree on the order below; VirtualBox and Xen declare another, but
 * never send one that is not 0.
 */
public final class InvalidateIotlbPages {

    static final int OPCODE = 4;

    public static final StructLayout LAYOUT = CommandLayout.builder("INVALIDATE_IOTLB_PAGES")
            .field("DeviceID", 0, 15, 0, "device")
            .split(
                    "PASID",
                    "PASID, if GN",
                    new SplitField.Piece(0, 23, 16, 8),
                    new SplitField.Piece(0, 55, 48, 0),
                    new SplitField.Piece(0, 59, 56, 16))
            .field("MaxPend", 0, 31, 24, "invalidations that may be pending")
            .field("QueueID", 0, 47, 32, "devices with the same number share MaxPend")
            .include(InvalidationRange.S)
            .bit("GN", 1, 2, "guest virtual addresses of the PASID")
            .field("Type", 1, 5, 4, "needs EFR.InvIotlbTypeSup, else 0")
            .include(InvalidationRange.ADDRESS)
            .build();

    public static final BitField DEVICE_ID = LAYOUT.field("DeviceID");
    public static final SplitField PASID = LAYOUT.split("PASID");
    public static final BitField MAX_PEND = LAYOUT.field("MaxPend");
    public static final BitField QUEUE_ID = LAYOUT.field("QueueID");
    public static final BitField S = LAYOUT.field("S");
    public static final BitField GN = LAYOUT.field("GN");
    public static final BitField TYPE = LAYOUT.field("Type");
    public static final BitField ADDRESS = LAYOUT.field("Address");

    private InvalidateIotlbPages() {}

    /** First word for what a device has without PASID. */
    public static long word0(int deviceId, int queueId, int maxPend) {
        return CommandLayout.word0(OPCODE)
                | DEVICE_ID.encode(deviceId)
                | QUEUE_ID.encode(queueId)
                | MAX_PEND.encode(maxPend);
    }

    /** First word for what a device has of a PASID. */
    public static long word0(int deviceId, int queueId, int maxPend, int pasid) {
        return PASID.put(0, word0(deviceId, queueId, maxPend), pasid);
    }

    /**
     * Second word.
     *
     * @param range {@link InvalidationRange#word1} or {@link InvalidationRange#ALL}
     */
    public static long word1(long range, boolean gn) {
        return range | GN.encode(gn);
    }
}
