package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** page_grp_resp, the page group response descriptor (VT-d 7.7): answers a request with LPIG = 1 by its own identifiers. */
public final class PageGroupResponse {

    static final int TYPE = 9;

    /** The device may ask for the translation again. */
    public static final int RC_SUCCESS = 0;

    /** The pages are not there or not allowed. */
    public static final int RC_INVALID_REQUEST = 1;

    /** Something is wrong; the device stops sending page requests. */
    public static final int RC_RESPONSE_FAILURE = 0xF;

    public static final StructLayout LAYOUT = DescriptorType.layout("page_grp_resp")
            .bit("PP", 0, 4, "PASID present")
            .field("RC", 0, 15, 12, "response code")
            .value(RC_SUCCESS, "Success")
            .value(RC_INVALID_REQUEST, "Invalid Request")
            .value(RC_RESPONSE_FAILURE, "Response Failure")
            .field("RID", 0, 31, 16, "requester")
            .field("PASID", 0, 51, 32, "PASID, if PP")
            .bit("ignored", 1, 2, "LPIG until revision 5.0; older software sets it")
            .field("PRGI", 1, 11, 3, "page request group")
            .build();

    public static final BitField PP = LAYOUT.field("PP");
    public static final BitField RC = LAYOUT.field("RC");
    public static final BitField RID = LAYOUT.field("RID");
    public static final BitField PASID = LAYOUT.field("PASID");
    public static final BitField PRGI = LAYOUT.field("PRGI");

    private PageGroupResponse() {}

    /** First word; {@code pasid} counts only if {@code pasidPresent}. */
    public static long word0(long rid, boolean pasidPresent, int pasid, int responseCode) {
        return DescriptorType.word0(TYPE)
                | PP.encode(pasidPresent)
                | RC.encode(responseCode)
                | RID.encode(rid)
                | (pasidPresent ? PASID.encode(pasid) : 0);
    }

    public static long word1(int prgi) {
        return PRGI.encode(prgi);
    }
}
