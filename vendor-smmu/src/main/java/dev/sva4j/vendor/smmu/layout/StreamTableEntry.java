package dev.sva4j.vendor.smmu.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** The Stream Table Entry: what happens to the traffic of one StreamID (IHI 0070 §5.2). */
public final class StreamTableEntry {

    /** Config: abort without an event. Every value with bit 2 clear acts so; Linux writes 0. */
    public static final int CONFIG_ABORT = 0;

    public static final int CONFIG_BYPASS = 4;
    public static final int CONFIG_S1_TRANSLATE = 5;
    public static final int CONFIG_S2_TRANSLATE = 6;
    public static final int CONFIG_NESTED = 7;

    public static final int S1FMT_LINEAR = 0;
    public static final int S1FMT_4KB_L2 = 1;
    public static final int S1FMT_64KB_L2 = 2;

    public static final int S1DSS_TERMINATE = 0;
    public static final int S1DSS_BYPASS = 1;
    public static final int S1DSS_SUBSTREAM0 = 2;

    public static final int EATS_OFF = 0;
    public static final int EATS_FULL = 1;
    public static final int EATS_SPLIT_STAGE = 2;
    public static final int EATS_FULL_DPT = 3;

    public static final int STRW_NS_EL1 = 0;
    public static final int STRW_NS_EL2 = 2;

    public static final int SHCFG_USE_INCOMING = 1;

    public static final int PRIVCFG_UNPRIVILEGED = 2;
    public static final int PRIVCFG_PRIVILEGED = 3;
    public static final int INSTCFG_DATA = 2;
    public static final int INSTCFG_INSTRUCTION = 3;

    public static final StructLayout LAYOUT = StructLayout.builder("STE", 8, "IHI 0070 §5.2")
            .bit("V", 0, 0, "valid; 0 = abort and C_BAD_STE")
            .field("Config", 0, 3, 1, "what the stream does")
            .values("abort", "abort", "abort", "abort", "bypass", "stage 1", "stage 2", "stage 1 and stage 2")
            .field("S1Fmt", 0, 5, 4, "shape of the context descriptor table; ignored if S1CDMax = 0")
            .values("linear", "two-level, 4 KiB leaves", "two-level, 64 KiB leaves", "linear")
            .address("S1ContextPtr", 0, 55, 6, "context descriptor or table; an IPA when stage 2 is on")
            .field("S1CDMax", 0, 63, 59, "log2 of the number of context descriptors; 0 = no substreams")
            .field("S1DSS", 1, 1, 0, "traffic without a SubstreamID while S1CDMax > 0")
            .values("terminate", "bypass stage 1", "use CD 0", "terminate")
            .field("S1CIR", 1, 3, 2, "inner cacheability of CD fetches")
            .values("NC", "WB RA", "WT RA", "WB no RA")
            .field("S1COR", 1, 5, 4, "outer cacheability of CD fetches")
            .values("NC", "WB RA", "WT RA", "WB no RA")
            .field("S1CSH", 1, 7, 6, "shareability of CD fetches")
            .values("NSH", "", "OSH", "ISH")
            .bit("S2HWU59", 1, 8, "stage 2 page-based hardware attribute 59")
            .bit("S2HWU60", 1, 9, "stage 2 page-based hardware attribute 60")
            .bit("S2HWU61", 1, 10, "stage 2 page-based hardware attribute 61")
            .bit("S2HWU62", 1, 11, "stage 2 page-based hardware attribute 62")
            .bit("DRE", 1, 12, "destructive reads allowed")
            .field("CONT", 1, 16, 13, "log2 of the aligned group of StreamIDs with identical entries; a hint")
            .bit("DCP", 1, 17, "directed cache prefetch allowed")
            .bit("PPAR", 1, 18, "automatic page responses carry the PASID")
            .bit("MEV", 1, 19, "similar non-stall events may be merged")
            .field("SW_RESERVED", 1, 23, 20, "for software")
            .bit("S1PIE", 1, 24, "stage 1 permission indirection allowed")
            .bit("S2FWB", 1, 25, "stage 2 forced write-back")
            .bit("S1MPAM", 1, 26, "memory partition from the CD")
            .bit("S1STALLD", 1, 27, "CDs may not stall")
            .field("EATS", 1, 29, 28, "PCIe ATS")
            .values("off", "full", "split-stage", "full with DPT")
            .field("STRW", 1, 31, 30, "StreamWorld of a stage 1 stream")
            .values("NS-EL1", "", "NS-EL2")
            .field("MemAttr", 1, 35, 32, "memory type")
            .bit("MTCFG", 1, 36, "replace the memory type by MemAttr")
            .field("ALLOCCFG", 1, 40, 37, "allocation hints")
            .field("SHCFG", 1, 45, 44, "shareability where stage 1 is bypassed")
            .values("NSH", "use incoming", "OSH", "ISH")
            .field("NSCFG", 1, 47, 46, "Secure and Realm streams only")
            .field("PRIVCFG", 1, 49, 48, "privilege")
            .values("use incoming", "", "unprivileged", "privileged")
            .field("INSTCFG", 1, 51, 50, "instruction or data, for reads")
            .values("use incoming", "", "data", "instruction")
            .field("S2VMID", 2, 15, 0, "VMID; also tags NS-EL1 stage 1 entries when stage 2 is implemented")
            .field("S2T0SZ", 2, 37, 32, "IPA bits = 64 - S2T0SZ")
            .field("S2SL0", 2, 39, 38, "stage 2 start level, depends on S2TG")
            .field("S2IR0", 2, 41, 40, "inner cacheability of stage 2 walks")
            .values("NC", "WB RA WA", "WT", "WB RA nWA")
            .field("S2OR0", 2, 43, 42, "outer cacheability of stage 2 walks")
            .values("NC", "WB RA WA", "WT", "WB RA nWA")
            .field("S2SH0", 2, 45, 44, "shareability of stage 2 walks")
            .values("NSH", "", "OSH", "ISH")
            .field("S2TG", 2, 47, 46, "stage 2 granule")
            .values("4 KiB", "64 KiB", "16 KiB")
            .field("S2PS", 2, 50, 48, "stage 2 output size")
            .values("32 bits", "36 bits", "40 bits", "42 bits", "44 bits", "48 bits", "52 bits")
            .bit("S2AA64", 2, 51, "stage 2 tables are VMSAv8-64")
            .bit("S2ENDI", 2, 52, "stage 2 tables are big-endian")
            .bit("S2AFFD", 2, 53, "no stage 2 access flag faults")
            .bit("S2PTW", 2, 54, "stage 1 walks may not hit Device memory")
            .bit("S2HD", 2, 55, "stage 2 hardware dirty state")
            .bit("S2HA", 2, 56, "stage 2 hardware access flag")
            .bit("S2S", 2, 57, "stage 2 faults stall")
            .bit("S2R", 2, 58, "stage 2 faults are recorded")
            .address("S2TTB", 3, 51, 4, "stage 2 table")
            .build();

    public static final BitField V = LAYOUT.field("V");
    public static final BitField CONFIG = LAYOUT.field("Config");
    public static final BitField S1_FMT = LAYOUT.field("S1Fmt");
    public static final BitField S1_CONTEXT_PTR = LAYOUT.field("S1ContextPtr");
    public static final BitField S1CD_MAX = LAYOUT.field("S1CDMax");
    public static final BitField S1DSS = LAYOUT.field("S1DSS");
    public static final BitField S1CIR = LAYOUT.field("S1CIR");
    public static final BitField S1COR = LAYOUT.field("S1COR");
    public static final BitField S1CSH = LAYOUT.field("S1CSH");
    public static final BitField S2HWU59 = LAYOUT.field("S2HWU59");
    public static final BitField S2HWU60 = LAYOUT.field("S2HWU60");
    public static final BitField S2HWU61 = LAYOUT.field("S2HWU61");
    public static final BitField S2HWU62 = LAYOUT.field("S2HWU62");
    public static final BitField DRE = LAYOUT.field("DRE");
    public static final BitField CONT = LAYOUT.field("CONT");
    public static final BitField DCP = LAYOUT.field("DCP");
    public static final BitField PPAR = LAYOUT.field("PPAR");
    public static final BitField MEV = LAYOUT.field("MEV");
    public static final BitField SW_RESERVED = LAYOUT.field("SW_RESERVED");
    public static final BitField S1PIE = LAYOUT.field("S1PIE");
    public static final BitField S2FWB = LAYOUT.field("S2FWB");
    public static final BitField S1MPAM = LAYOUT.field("S1MPAM");
    public static final BitField S1STALLD = LAYOUT.field("S1STALLD");
    public static final BitField EATS = LAYOUT.field("EATS");
    public static final BitField STRW = LAYOUT.field("STRW");
    public static final BitField MEM_ATTR = LAYOUT.field("MemAttr");
    public static final BitField MTCFG = LAYOUT.field("MTCFG");
    public static final BitField ALLOCCFG = LAYOUT.field("ALLOCCFG");
    public static final BitField SHCFG = LAYOUT.field("SHCFG");
    public static final BitField NSCFG = LAYOUT.field("NSCFG");
    public static final BitField PRIVCFG = LAYOUT.field("PRIVCFG");
    public static final BitField INSTCFG = LAYOUT.field("INSTCFG");
    public static final BitField S2VMID = LAYOUT.field("S2VMID");
    public static final BitField S2T0SZ = LAYOUT.field("S2T0SZ");
    public static final BitField S2SL0 = LAYOUT.field("S2SL0");
    public static final BitField S2IR0 = LAYOUT.field("S2IR0");
    public static final BitField S2OR0 = LAYOUT.field("S2OR0");
    public static final BitField S2SH0 = LAYOUT.field("S2SH0");
    public static final BitField S2TG = LAYOUT.field("S2TG");
    public static final BitField S2PS = LAYOUT.field("S2PS");
    public static final BitField S2AA64 = LAYOUT.field("S2AA64");
    public static final BitField S2ENDI = LAYOUT.field("S2ENDI");
    public static final BitField S2AFFD = LAYOUT.field("S2AFFD");
    public static final BitField S2PTW = LAYOUT.field("S2PTW");
    public static final BitField S2HD = LAYOUT.field("S2HD");
    public static final BitField S2HA = LAYOUT.field("S2HA");
    public static final BitField S2S = LAYOUT.field("S2S");
    public static final BitField S2R = LAYOUT.field("S2R");
    public static final BitField S2TTB = LAYOUT.field("S2TTB");

    private StreamTableEntry() {}
}
