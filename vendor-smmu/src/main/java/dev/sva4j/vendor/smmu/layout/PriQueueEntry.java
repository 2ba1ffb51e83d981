package dev.sva4j.vendor.smmu.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * A page request in the PRI queue (IHI 0070 §8).
 *
 * <p>Last without R and W, but with a SubstreamID, is the Stop PASID marker, which expects no response.
 */
public final class PriQueueEntry {

    public static final StructLayout LAYOUT = StructLayout.builder("PRI", 2, "IHI 0070 §8")
            .field("StreamID", 0, 31, 0, "requester")
            .field("SubstreamID", 0, 51, 32, "PASID, if SSV")
            .bit("Priv", 0, 58, "privileged access wanted; 0 without SSV")
            .bit("X", 0, 59, "execute access wanted; 0 without SSV")
            .bit("R", 0, 60, "read access wanted")
            .bit("W", 0, 61, "write access wanted")
            .bit("Last", 0, 62, "last request of the group")
            .bit("SSV", 0, 63, "SubstreamID valid")
            .field("PRGIndex", 1, 8, 0, "page request group")
            .address("PageAddr", 1, 63, 12, "page")
            .build();

    public static final BitField STREAMID = LAYOUT.field("StreamID");
    public static final BitField SUBSTREAMID = LAYOUT.field("SubstreamID");
    public static final BitField PRIV = LAYOUT.field("Priv");
    public static final BitField X = LAYOUT.field("X");
    public static final BitField R = LAYOUT.field("R");
    public static final BitField W = LAYOUT.field("W");
    public static final BitField LAST = LAYOUT.field("Last");
    public static final BitField SSV = LAYOUT.field("SSV");
    public static final BitField PRG_INDEX = LAYOUT.field("PRGIndex");
    public static final BitField PAGE_ADDR = LAYOUT.field("PageAddr");

    private PriQueueEntry() {}

    /** Whether the entry says that the device has stopped using the PASID. */
    public static boolean isStopMarker(long word0) {
        return SSV.isSet(word0) && LAST.isSet(word0) && !R.isSet(word0) && !W.isSet(word0);
    }
}
