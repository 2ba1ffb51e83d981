package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** The context entry of a function in legacy mode (VT-d 9.3). */
public final class LegacyContextEntry {

    /** Second stage; translation requests and translated requests are blocked. */
    public static final int TT_UNTRANSLATED_ONLY = 0;

    /** Second stage, ATS allowed. Needs ECAP.DT. */
    public static final int TT_ALL = 1;

    /** Untranslated requests pass. Needs ECAP.PT. */
    public static final int TT_PASS_THROUGH = 2;

    public static final StructLayout LAYOUT = StructLayout.builder("context entry", 2, "VT-d 9.3")
            .bit("P", 0, 0, "present")
            .bit("FPD", 0, 1, "qualified faults are not recorded; counts if P = 0, too")
            .field("TT", 0, 3, 2, "translation type")
            .values("second stage, no ATS", "second stage", "pass-through")
            .address("SSPTPTR", 0, 63, 12, "second-stage page table")
            .field("AW", 1, 2, 0, "input width")
            .value(AddressWidth.BITS_39, "39 bits")
            .value(AddressWidth.BITS_48, "48 bits")
            .value(AddressWidth.BITS_57, "57 bits")
            .field("ignored", 1, 6, 3, "for software")
            .field("DID", 1, 23, 8, "domain")
            .build();

    public static final BitField P = LAYOUT.field("P");
    public static final BitField FPD = LAYOUT.field("FPD");
    public static final BitField TT = LAYOUT.field("TT");
    public static final BitField SSPTPTR = LAYOUT.field("SSPTPTR");
    public static final BitField AW = LAYOUT.field("AW");
    public static final BitField DID = LAYOUT.field("DID");

    private LegacyContextEntry() {}
}
