package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * The PASID table entry (VT-d 9.6): page tables, domain and attributes of one address space.
 *
 * <p>DID shares a 16-byte chunk with SSPTPTR, PGTT and AW; FSPTPTR, FSPM, SRE, WPE and EAFE share word 2. Hardware reads 16
 * bytes at once, so what changes together while P stays 1 has to be in one of these.
 */
public final class PasidTableEntry {

    public static final int PGTT_FIRST_STAGE = 1;
    public static final int PGTT_SECOND_STAGE = 2;
    public static final int PGTT_NESTED = 3;
    public static final int PGTT_PASS_THROUGH = 4;

    public static final int FSPM_4_LEVEL = 0;
    public static final int FSPM_5_LEVEL = 1;

    public static final StructLayout LAYOUT = StructLayout.builder("PASID table entry", 8, "VT-d 9.6")
            .bit("P", 0, 0, "present")
            .bit("FPD", 0, 1, "qualified faults are not recorded; counts if P = 0, too")
            .field("AW", 0, 4, 2, "second-stage input width")
            .value(AddressWidth.BITS_39, "39 bits")
            .value(AddressWidth.BITS_48, "48 bits")
            .value(AddressWidth.BITS_57, "57 bits")
            .field("PGTT", 0, 8, 6, "translation type")
            .values("", "first stage", "second stage", "nested", "pass-through")
            .bit("SSADE", 0, 9, "second-stage accessed and dirty flags; reserved without ECAP.SSADS")
            .address("SSPTPTR", 0, 63, 12, "second-stage page table; reserved without ECAP.SSTS")
            .field("DID", 1, 15, 0, "domain")
            .bit("PWSNP", 1, 23, "page walks snoop; reserved without ECAP.SMPWCS")
            .bit("PGSNP", 1, 24, "accesses to pages snoop; reserved without ECAP.SC")
            .bit("CD", 1, 25, "cache disable; reserved without ECAP.MTS")
            .bit("EMTE", 1, 26, "second-stage memory types count; reserved without ECAP.MTS")
            .field("PAT", 1, 63, 32, "PA0 to PA7, 4 bits each; reserved without ECAP.MTS")
            .bit("SRE", 2, 0, "supervisor requests allowed; reserved without ECAP.SRS")
            .field("FSPM", 2, 3, 2, "first-stage paging mode")
            .values("4 levels", "5 levels")
            .bit("WPE", 2, 4, "supervisor writes need R/W")
            .field("ignored", 2, 6, 5, "NXE and SMEP in old revisions")
            .bit("EAFE", 2, 7, "extended accessed flags; reserved without ECAP.EAFS")
            .address("FSPTPTR", 2, 63, 12, "first-stage page table; reserved without ECAP.FSTS")
            .build();

    public static final BitField P = LAYOUT.field("P");
    public static final BitField FPD = LAYOUT.field("FPD");
    public static final BitField AW = LAYOUT.field("AW");
    public static final BitField PGTT = LAYOUT.field("PGTT");
    public static final BitField SSADE = LAYOUT.field("SSADE");
    public static final BitField SSPTPTR = LAYOUT.field("SSPTPTR");
    public static final BitField DID = LAYOUT.field("DID");
    public static final BitField PWSNP = LAYOUT.field("PWSNP");
    public static final BitField PGSNP = LAYOUT.field("PGSNP");
    public static final BitField CD = LAYOUT.field("CD");
    public static final BitField EMTE = LAYOUT.field("EMTE");
    public static final BitField PAT = LAYOUT.field("PAT");
    public static final BitField SRE = LAYOUT.field("SRE");
    public static final BitField FSPM = LAYOUT.field("FSPM");
    public static final BitField WPE = LAYOUT.field("WPE");
    public static final BitField EAFE = LAYOUT.field("EAFE");
    public static final BitField FSPTPTR = LAYOUT.field("FSPTPTR");

    private PasidTableEntry() {}
}
