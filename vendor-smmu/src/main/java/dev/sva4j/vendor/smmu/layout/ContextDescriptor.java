package dev.sva4j.vendor.smmu.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * The Context Descriptor: the page tables, ASID and fault configuration of one address space (IHI 0070 §5.4).
 *
 * <p>The granule encodings of the two halves differ ({@link Granule}), and HD comes below HA.
 */
public final class ContextDescriptor {

    public static final int ASET_SHARED = 0;
    public static final int ASET_PRIVATE = 1;

    public static final StructLayout LAYOUT = StructLayout.builder("CD", 8, "IHI 0070 §5.4")
            .field("T0SZ", 0, 5, 0, "VA bits of TTB0 = 64 - T0SZ")
            .field("TG0", 0, 7, 6, "granule of TTB0")
            .values("4 KiB", "64 KiB", "16 KiB")
            .field("IR0", 0, 9, 8, "inner cacheability of walks of TTB0")
            .values("NC", "WB RA WA", "WT", "WB RA nWA")
            .field("OR0", 0, 11, 10, "outer cacheability of walks of TTB0")
            .values("NC", "WB RA WA", "WT", "WB RA nWA")
            .field("SH0", 0, 13, 12, "shareability of walks of TTB0")
            .values("NSH", "", "OSH", "ISH")
            .bit("EPD0", 0, 14, "no walks of TTB0; its fields are ignored")
            .bit("ENDI", 0, 15, "tables are big-endian")
            .field("T1SZ", 0, 21, 16, "VA bits of TTB1 = 64 - T1SZ")
            .field("TG1", 0, 23, 22, "granule of TTB1")
            .values("", "16 KiB", "4 KiB", "64 KiB")
            .field("IR1", 0, 25, 24, "inner cacheability of walks of TTB1")
            .values("NC", "WB RA WA", "WT", "WB RA nWA")
            .field("OR1", 0, 27, 26, "outer cacheability of walks of TTB1")
            .values("NC", "WB RA WA", "WT", "WB RA nWA")
            .field("SH1", 0, 29, 28, "shareability of walks of TTB1")
            .values("NSH", "", "OSH", "ISH")
            .bit("EPD1", 0, 30, "no walks of TTB1; its fields are ignored")
            .bit("V", 0, 31, "valid; 0 = abort and C_BAD_CD")
            .field("IPS", 0, 34, 32, "output size of stage 1, capped by IDR5.OAS")
            .values("32 bits", "36 bits", "40 bits", "42 bits", "44 bits", "48 bits", "52 bits")
            .bit("AFFD", 0, 35, "no access flag faults while HA = 0")
            .bit("WXN", 0, 36, "writable means not executable")
            .bit("UWXN", 0, 37, "AArch32 only")
            .bit("TBI0", 0, 38, "ignore the top byte in TTB0's half")
            .bit("TBI1", 0, 39, "ignore the top byte in TTB1's half")
            .bit("PAN", 0, 40, "privileged data access to unprivileged pages faults")
            .bit("AA64", 0, 41, "tables are VMSAv8-64")
            .bit("HD", 0, 42, "hardware dirty state; needs HA")
            .bit("HA", 0, 43, "hardware access flag")
            .bit("S", 0, 44, "faults stall")
            .bit("R", 0, 45, "faults are recorded")
            .bit("A", 0, 46, "terminated transactions abort; 0 = reads 0, writes ignored")
            .bit("ASET", 0, 47, "the ASID is not shared with the CPUs")
            .field("ASID", 0, 63, 48, "address space identifier")
            .bit("NSCFG0", 1, 0, "Secure and Realm streams only")
            .bit("HAD0", 1, 1, "ignore hierarchical attributes of TTB0")
            .bit("E0PD0", 1, 2, "deny unprivileged access to TTB0's half")
            .bit("HAFT", 1, 3, "hardware access flag in table descriptors")
            .address("TTB0", 1, 51, 4, "start table of the lower half")
            .bit("PnCH", 1, 58, "protected attribute in place of the contiguous hint")
            .bit("EPAN", 1, 59, "PAN also for executable pages")
            .field("HWU0", 1, 63, 60, "page-based hardware attributes of TTB0")
            .bit("NSCFG1", 2, 0, "Secure and Realm streams only")
            .bit("HAD1", 2, 1, "ignore hierarchical attributes of TTB1")
            .bit("E0PD1", 2, 2, "deny unprivileged access to TTB1's half")
            .bit("AIE", 2, 3, "attribute index extension")
            .address("TTB1", 2, 51, 4, "start table of the upper half")
            .bit("DS", 2, 58, "52-bit addresses with 4 KiB and 16 KiB granules")
            .bit("PIE", 2, 59, "permission indirection")
            .field("HWU1", 2, 63, 60, "page-based hardware attributes of TTB1")
            .field("MAIR", 3, 63, 0, "byte n = memory attributes of AttrIndx n")
            .field("AMAIR", 4, 63, 0, "auxiliary attributes; written as 0")
            .build();

    public static final BitField T0SZ = LAYOUT.field("T0SZ");
    public static final BitField TG0 = LAYOUT.field("TG0");
    public static final BitField IR0 = LAYOUT.field("IR0");
    public static final BitField OR0 = LAYOUT.field("OR0");
    public static final BitField SH0 = LAYOUT.field("SH0");
    public static final BitField EPD0 = LAYOUT.field("EPD0");
    public static final BitField ENDI = LAYOUT.field("ENDI");
    public static final BitField T1SZ = LAYOUT.field("T1SZ");
    public static final BitField TG1 = LAYOUT.field("TG1");
    public static final BitField IR1 = LAYOUT.field("IR1");
    public static final BitField OR1 = LAYOUT.field("OR1");
    public static final BitField SH1 = LAYOUT.field("SH1");
    public static final BitField EPD1 = LAYOUT.field("EPD1");
    public static final BitField V = LAYOUT.field("V");
    public static final BitField IPS = LAYOUT.field("IPS");
    public static final BitField AFFD = LAYOUT.field("AFFD");
    public static final BitField WXN = LAYOUT.field("WXN");
    public static final BitField UWXN = LAYOUT.field("UWXN");
    public static final BitField TBI0 = LAYOUT.field("TBI0");
    public static final BitField TBI1 = LAYOUT.field("TBI1");
    public static final BitField PAN = LAYOUT.field("PAN");
    public static final BitField AA64 = LAYOUT.field("AA64");
    public static final BitField HD = LAYOUT.field("HD");
    public static final BitField HA = LAYOUT.field("HA");
    public static final BitField S = LAYOUT.field("S");
    public static final BitField R = LAYOUT.field("R");
    public static final BitField A = LAYOUT.field("A");
    public static final BitField ASET = LAYOUT.field("ASET");
    public static final BitField ASID = LAYOUT.field("ASID");
    public static final BitField NSCFG0 = LAYOUT.field("NSCFG0");
    public static final BitField HAD0 = LAYOUT.field("HAD0");
    public static final BitField E0PD0 = LAYOUT.field("E0PD0");
    public static final BitField HAFT = LAYOUT.field("HAFT");
    public static final BitField TTB0 = LAYOUT.field("TTB0");
    public static final BitField PNCH = LAYOUT.field("PnCH");
    public static final BitField EPAN = LAYOUT.field("EPAN");
    public static final BitField HWU0 = LAYOUT.field("HWU0");
    public static final BitField NSCFG1 = LAYOUT.field("NSCFG1");
    public static final BitField HAD1 = LAYOUT.field("HAD1");
    public static final BitField E0PD1 = LAYOUT.field("E0PD1");
    public static final BitField AIE = LAYOUT.field("AIE");
    public static final BitField TTB1 = LAYOUT.field("TTB1");
    public static final BitField DS = LAYOUT.field("DS");
    public static final BitField PIE = LAYOUT.field("PIE");
    public static final BitField HWU1 = LAYOUT.field("HWU1");
    public static final BitField MAIR = LAYOUT.field("MAIR");
    public static final BitField AMAIR = LAYOUT.field("AMAIR");

    private ContextDescriptor() {}

    /** Virtual address bits of TTB0: 64 - T0SZ. Whether T0SZ is legal is for the reader to judge. */
    public static int inputBits0(long word0) {
        return Long.SIZE - (int) T0SZ.get(word0);
    }

    /** Virtual address bits of TTB1: 64 - T1SZ. */
    public static int inputBits1(long word0) {
        return Long.SIZE - (int) T1SZ.get(word0);
    }

    /** The T0SZ or T1SZ of a number of virtual address bits. */
    public static int sizeField(int inputBits) {
        return Long.SIZE - inputBits;
    }

    /** The byte of MAIR that describes pages with this AttrIndx. */
    public static int memoryAttribute(long mair, int attrIndx) {
        return (int) (mair >>> (attrIndx * Byte.SIZE)) & 0xff;
    }
}
