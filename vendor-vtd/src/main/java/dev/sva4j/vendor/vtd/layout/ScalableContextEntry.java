package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** The context entry of a function in scalable mode (VT-d 9.4): its PASID directory, and what its requests may be. */
public final class ScalableContextEntry {

    public static final StructLayout LAYOUT = StructLayout.builder("scalable context entry", 4, "VT-d 9.4")
            .bit("P", 0, 0, "present")
            .bit("FPD", 0, 1, "qualified faults are not recorded; counts if P = 0, too")
            .bit("DTE", 0, 2, "ATS allowed; reserved without ECAP.DT")
            .bit("PASIDE", 0, 3, "requests with PASID allowed; reserved without ECAP.PASID")
            .bit("PRE", 0, 4, "page requests allowed; needs DTE; reserved without ECAP.PRS")
            .bit("EPTR", 0, 6, "translated requests with PASID allowed; reserved without ECAP.PTRS")
            .field("PDTS", 0, 11, 9, "the directory has 2^(PDTS+7) entries")
            .address("PASIDDIRPTR", 0, 63, 12, "PASID directory")
            .field("RID_PASID", 1, 19, 0, "PASID of requests without PASID; reserved without ECAP.RPS")
            .bit("RID_PRIV", 1, 20, "requests without PASID are privileged; reserved without ECAP.RPRIVS")
            .build();

    public static final BitField P = LAYOUT.field("P");
    public static final BitField FPD = LAYOUT.field("FPD");
    public static final BitField DTE = LAYOUT.field("DTE");
    public static final BitField PASIDE = LAYOUT.field("PASIDE");
    public static final BitField PRE = LAYOUT.field("PRE");
    public static final BitField EPTR = LAYOUT.field("EPTR");
    public static final BitField PDTS = LAYOUT.field("PDTS");
    public static final BitField PASIDDIRPTR = LAYOUT.field("PASIDDIRPTR");
    public static final BitField RID_PASID = LAYOUT.field("RID_PASID");
    public static final BitField RID_PRIV = LAYOUT.field("RID_PRIV");

    private ScalableContextEntry() {}
}
