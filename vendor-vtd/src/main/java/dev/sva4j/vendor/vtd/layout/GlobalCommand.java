package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;
import static dev.sva4j.spi.layout.RegisterAccess.WRITE_ONLY;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * GCMD and GSTS (VT-d 11.4). A write changes one thing: {@link #kept} of GSTS with one bit set or cleared; GSTS then says when
 * it is done.
 */
public final class GlobalCommand {

    public static final RegisterLayout GCMD = RegisterLayout.builder("GCMD", 0x18, 32, WRITE_ONLY, "VT-d 11.4")
            .bit("CFI", 23, "let compatibility format interrupts pass")
            .bit("SIRTP", 24, "take IRTA; one-shot")
            .bit("IRE", 25, "interrupt remapping")
            .bit("QIE", 26, "queued invalidation")
            .bit("WBF", 27, "flush the write buffer; one-shot")
            .bit("SRTP", 30, "take RTADDR; one-shot")
            .bit("TE", 31, "translation")
            .build();

    public static final BitField CFI = GCMD.field("CFI");
    public static final BitField SIRTP = GCMD.field("SIRTP");
    public static final BitField IRE = GCMD.field("IRE");
    public static final BitField QIE = GCMD.field("QIE");
    public static final BitField WBF = GCMD.field("WBF");
    public static final BitField SRTP = GCMD.field("SRTP");
    public static final BitField TE = GCMD.field("TE");

    public static final RegisterLayout GSTS = RegisterLayout.builder("GSTS", 0x1C, 32, READ_ONLY, "VT-d 11.4")
            .bit("CFIS", 23, "compatibility format interrupts pass")
            .bit("IRTPS", 24, "IRTA is taken")
            .bit("IRES", 25, "interrupt remapping is on")
            .bit("QIES", 26, "queued invalidation is on")
            .bit("WBFS", 27, "a flush of the write buffer is under way")
            .bit("RTPS", 30, "RTADDR is taken")
            .bit("TES", 31, "translation is on")
            .build();

    public static final BitField CFIS = GSTS.field("CFIS");
    public static final BitField IRTPS = GSTS.field("IRTPS");
    public static final BitField IRES = GSTS.field("IRES");
    public static final BitField QIES = GSTS.field("QIES");
    public static final BitField WBFS = GSTS.field("WBFS");
    public static final BitField RTPS = GSTS.field("RTPS");
    public static final BitField TES = GSTS.field("TES");

    /** Bits 30, 29, 27 and 24: commands that happen once and are not written again. Bit 29 (SFL) went with revision 4.0. */
    private static final long KEPT = 0x96FF_FFFFL;

    private GlobalCommand() {}

    /** The part of GSTS that the next write of GCMD repeats. */
    public static long kept(long gsts) {
        return gsts & KEPT;
    }
}
