package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * A request in the page request queue (VT-d 7.5). Words 2 and 3 are 0; until revision 3.3 they could hold private data.
 *
 * <p>PP and LPIG without RDR and WRR is the stop marker, which expects no response.
 */
public final class PageRequestDescriptor {

    /** The one type. */
    public static final int TYPE_PAGE_REQUEST = 1;

    public static final StructLayout LAYOUT = StructLayout.builder("page request", 4, "VT-d 7.5")
            .field("Type", 0, 7, 0, "1")
            .bit("PP", 0, 8, "PASID present")
            .field("RID", 0, 31, 16, "requester")
            .field("PASID", 0, 51, 32, "PASID, if PP")
            .bit("EXR", 0, 52, "execute access wanted, if PP and RDR")
            .bit("PMR", 0, 53, "privileged access wanted, if PP")
            .bit("RDR", 1, 0, "read access wanted")
            .bit("WRR", 1, 1, "write access wanted")
            .bit("LPIG", 1, 2, "last request of the group")
            .field("PRGI", 1, 11, 3, "page request group")
            .address("ADDR", 1, 63, 12, "page")
            .build();

    public static final BitField TYPE = LAYOUT.field("Type");
    public static final BitField PP = LAYOUT.field("PP");
    public static final BitField RID = LAYOUT.field("RID");
    public static final BitField PASID = LAYOUT.field("PASID");
    public static final BitField EXR = LAYOUT.field("EXR");
    public static final BitField PMR = LAYOUT.field("PMR");
    public static final BitField RDR = LAYOUT.field("RDR");
    public static final BitField WRR = LAYOUT.field("WRR");
    public static final BitField LPIG = LAYOUT.field("LPIG");
    public static final BitField PRGI = LAYOUT.field("PRGI");
    public static final BitField ADDR = LAYOUT.field("ADDR");

    private PageRequestDescriptor() {}

    /** First word without EXR and PMR; {@code pasid} counts only if {@code pasidPresent}. */
    public static long word0(long rid, boolean pasidPresent, int pasid) {
        return TYPE.encode(TYPE_PAGE_REQUEST)
                | PP.encode(pasidPresent)
                | RID.encode(rid)
                | (pasidPresent ? PASID.encode(pasid) : 0);
    }

    public static long word1(long address, int prgi, boolean read, boolean write, boolean last) {
        return ADDR.encodeAddress(address)
                | PRGI.encode(prgi)
                | RDR.encode(read)
                | WRR.encode(write)
                | LPIG.encode(last);
    }

    /** Whether the request says that the device has stopped using the PASID. */
    public static boolean isStopMarker(long word0, long word1) {
        return PP.isSet(word0) && LPIG.isSet(word1) && !RDR.isSet(word1) && !WRR.isSet(word1);
    }
}
