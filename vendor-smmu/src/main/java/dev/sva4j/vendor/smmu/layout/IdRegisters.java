package dev.sva4j.vendor.smmu.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/** What the implementation can do: IDR0 to IDR5, IIDR and AIDR (IHI 0070 §6, read-only). */
public final class IdRegisters {

    public static final int STALL_MODEL_STALL_AND_TERMINATE = 0;
    public static final int STALL_MODEL_TERMINATE_ONLY = 1;
    public static final int STALL_MODEL_STALL_FORCED = 2;

    public static final int ST_LEVEL_LINEAR = 0;
    public static final int ST_LEVEL_TWO_LEVEL = 1;

    public static final int HTTU_NONE = 0;
    public static final int HTTU_ACCESS = 1;
    public static final int HTTU_ACCESS_AND_DIRTY = 2;
    public static final int HTTU_ACCESS_DIRTY_AND_TABLE = 3;

    public static final int TTENDIAN_MIXED = 0;
    public static final int TTENDIAN_LITTLE = 2;
    public static final int TTENDIAN_BIG = 3;

    public static final RegisterLayout IDR0 = RegisterLayout.builder("IDR0", 0x00, 32, READ_ONLY, "IHI 0070 §6")
            .bit("S2P", 0, "stage 2 supported")
            .bit("S1P", 1, "stage 1 supported")
            .field("TTF", 3, 2, "table formats")
            .values("", "AArch32 LPAE", "AArch64", "both")
            .bit("COHACC", 4, "coherent access to tables and queues")
            .bit("BTM", 5, "broadcast TLB maintenance")
            .field("HTTU", 7, 6, "hardware update of translation tables")
            .values(
                    "none",
                    "access flag",
                    "access flag and dirty state",
                    "access flag, dirty state and table access flag")
            .bit("DORMHINT", 8, "dormant hint")
            .bit("HYP", 9, "EL2 StreamWorlds")
            .bit("ATS", 10, "PCIe ATS")
            .bit("NS1ATS", 11, "split-stage ATS is not supported")
            .bit("ASID16", 12, "16-bit ASID")
            .bit("MSI", 13, "message-signalled interrupts")
            .bit("SEV", 14, "wake-up events")
            .bit("ATOS", 15, "address translation operations")
            .bit("PRI", 16, "page request interface; RES0 if ATS = 0")
            .bit("VMW", 17, "VMID wildcards")
            .bit("VMID16", 18, "16-bit VMID")
            .bit("CD2L", 19, "two-level context descriptor tables")
            .bit("VATOS", 20, "virtual address translation operations")
            .field("TTENDIAN", 22, 21, "endianness of translation tables")
            .values("mixed", "", "little only", "big only")
            .bit("ATSRECERR", 23, "configuration errors of ATS traffic can be recorded")
            .field("STALL_MODEL", 25, 24, "fault models")
            .values("stall and terminate", "terminate only", "stall forced")
            .bit("TERM_MODEL", 26, "terminate is always abort: CD.A must be 1")
            .field("ST_LEVEL", 28, 27, "stream table")
            .values("linear", "linear and two-level")
            .bit("RME_IMPL", 30, "Realm management extension")
            .build();

    public static final BitField IDR0_S2P = IDR0.field("S2P");
    public static final BitField IDR0_S1P = IDR0.field("S1P");
    public static final BitField IDR0_TTF = IDR0.field("TTF");
    public static final BitField IDR0_COHACC = IDR0.field("COHACC");
    public static final BitField IDR0_BTM = IDR0.field("BTM");
    public static final BitField IDR0_HTTU = IDR0.field("HTTU");
    public static final BitField IDR0_DORMHINT = IDR0.field("DORMHINT");
    public static final BitField IDR0_HYP = IDR0.field("HYP");
    public static final BitField IDR0_ATS = IDR0.field("ATS");
    public static final BitField IDR0_NS1ATS = IDR0.field("NS1ATS");
    public static final BitField IDR0_ASID16 = IDR0.field("ASID16");
    public static final BitField IDR0_MSI = IDR0.field("MSI");
    public static final BitField IDR0_SEV = IDR0.field("SEV");
    public static final BitField IDR0_ATOS = IDR0.field("ATOS");
    public static final BitField IDR0_PRI = IDR0.field("PRI");
    public static final BitField IDR0_VMW = IDR0.field("VMW");
    public static final BitField IDR0_VMID16 = IDR0.field("VMID16");
    public static final BitField IDR0_CD2L = IDR0.field("CD2L");
    public static final BitField IDR0_VATOS = IDR0.field("VATOS");
    public static final BitField IDR0_TTENDIAN = IDR0.field("TTENDIAN");
    public static final BitField IDR0_ATSRECERR = IDR0.field("ATSRECERR");
    public static final BitField IDR0_STALL_MODEL = IDR0.field("STALL_MODEL");
    public static final BitField IDR0_TERM_MODEL = IDR0.field("TERM_MODEL");
    public static final BitField IDR0_ST_LEVEL = IDR0.field("ST_LEVEL");
    public static final BitField IDR0_RME_IMPL = IDR0.field("RME_IMPL");

    public static final RegisterLayout IDR1 = RegisterLayout.builder("IDR1", 0x04, 32, READ_ONLY, "IHI 0070 §6")
            .field("SIDSIZE", 5, 0, "bits of a StreamID, 0 to 32; 7 and more need a two-level stream table")
            .field("SSIDSIZE", 10, 6, "bits of a SubstreamID, 0 to 20; 0 = no substreams")
            .field("PRIQS", 15, 11, "log2 of the largest PRI queue")
            .field("EVENTQS", 20, 16, "log2 of the largest Event queue")
            .field("CMDQS", 25, 21, "log2 of the largest Command queue")
            .bit("ATTR_PERMS_OVR", 26, "INSTCFG and PRIVCFG overrides")
            .bit("ATTR_TYPES_OVR", 27, "MemAttr, ALLOCCFG and SHCFG overrides")
            .bit("REL", 28, "preset bases are relative to the register base")
            .bit("QUEUES_PRESET", 29, "queue bases are fixed")
            .bit("TABLES_PRESET", 30, "table bases are fixed")
            .bit("ECMDQ", 31, "enhanced Command queues")
            .build();

    public static final BitField IDR1_SIDSIZE = IDR1.field("SIDSIZE");
    public static final BitField IDR1_SSIDSIZE = IDR1.field("SSIDSIZE");
    public static final BitField IDR1_PRIQS = IDR1.field("PRIQS");
    public static final BitField IDR1_EVENTQS = IDR1.field("EVENTQS");
    public static final BitField IDR1_CMDQS = IDR1.field("CMDQS");
    public static final BitField IDR1_ATTR_PERMS_OVR = IDR1.field("ATTR_PERMS_OVR");
    public static final BitField IDR1_ATTR_TYPES_OVR = IDR1.field("ATTR_TYPES_OVR");
    public static final BitField IDR1_REL = IDR1.field("REL");
    public static final BitField IDR1_QUEUES_PRESET = IDR1.field("QUEUES_PRESET");
    public static final BitField IDR1_TABLES_PRESET = IDR1.field("TABLES_PRESET");
    public static final BitField IDR1_ECMDQ = IDR1.field("ECMDQ");

    /** The sheet names no field; BA_VATOS, the page of the VATOS registers, matters only when IDR0.VATOS is 1. */
    public static final RegisterLayout IDR2 = RegisterLayout.builder("IDR2", 0x08, 32, READ_ONLY, "IHI 0070 §6")
            .field("BA_VATOS", 9, 0, "page of the VATOS registers")
            .build();

    public static final BitField IDR2_BA_VATOS = IDR2.field("BA_VATOS");

    public static final RegisterLayout IDR3 = RegisterLayout.builder("IDR3", 0x0C, 32, READ_ONLY, "IHI 0070 §6")
            .bit("HAD", 2, "hierarchical attributes can be disabled")
            .bit("PBHA", 3, "page-based hardware attributes")
            .bit("XNX", 4, "stage 2 execute-never by exception level")
            .bit("PPS", 5, "automatic page responses carry the PASID of the request")
            .bit("MPAM", 7, "memory partitioning")
            .bit("FWB", 8, "stage 2 forced write-back")
            .bit("STT", 9, "small translation tables")
            .bit("RIL", 10, "range invalidation and level hint")
            .field("BBML", 12, 11, "break-before-make level")
            .bit("E0PD", 13, "unprivileged access can be denied by half")
            .bit("PTWNNC", 14, "table walks to Normal non-cacheable memory")
            .bit("DPT", 15, "device permission table")
            .bit("PASIDTT", 16, "translated transactions with a PASID")
            .bit("EPAN", 17, "enhanced PAN")
            .bit("S1PI", 18, "stage 1 permission indirection")
            .bit("S2PI", 19, "stage 2 permission indirection")
            .bit("S2PO", 20, "stage 2 permission overlay")
            .bit("THE", 21, "translation hardening")
            .bit("MTEPERM", 22, "tag access permission")
            .bit("AIE", 23, "attribute index extension")
            .build();

    public static final BitField IDR3_HAD = IDR3.field("HAD");
    public static final BitField IDR3_PBHA = IDR3.field("PBHA");
    public static final BitField IDR3_XNX = IDR3.field("XNX");
    public static final BitField IDR3_PPS = IDR3.field("PPS");
    public static final BitField IDR3_MPAM = IDR3.field("MPAM");
    public static final BitField IDR3_FWB = IDR3.field("FWB");
    public static final BitField IDR3_STT = IDR3.field("STT");
    public static final BitField IDR3_RIL = IDR3.field("RIL");
    public static final BitField IDR3_BBML = IDR3.field("BBML");
    public static final BitField IDR3_E0PD = IDR3.field("E0PD");
    public static final BitField IDR3_PTWNNC = IDR3.field("PTWNNC");
    public static final BitField IDR3_DPT = IDR3.field("DPT");
    public static final BitField IDR3_PASIDTT = IDR3.field("PASIDTT");
    public static final BitField IDR3_EPAN = IDR3.field("EPAN");
    public static final BitField IDR3_S1PI = IDR3.field("S1PI");
    public static final BitField IDR3_S2PI = IDR3.field("S2PI");
    public static final BitField IDR3_S2PO = IDR3.field("S2PO");
    public static final BitField IDR3_THE = IDR3.field("THE");
    public static final BitField IDR3_MTEPERM = IDR3.field("MTEPERM");
    public static final BitField IDR3_AIE = IDR3.field("AIE");

    public static final RegisterLayout IDR4 = RegisterLayout.builder("IDR4", 0x10, 32, READ_ONLY, "IHI 0070 §6")
            .field("IMPLEMENTATION_DEFINED", 31, 0, "")
            .build();

    public static final RegisterLayout IDR5 = RegisterLayout.builder("IDR5", 0x14, 32, READ_ONLY, "IHI 0070 §6")
            .field("OAS", 2, 0, "output address size")
            .values("32 bits", "36 bits", "40 bits", "42 bits", "44 bits", "48 bits", "52 bits", "56 bits")
            .bit("GRAN4K", 4, "4 KiB granule")
            .bit("GRAN16K", 5, "16 KiB granule")
            .bit("GRAN64K", 6, "64 KiB granule")
            .bit("DS", 7, "52-bit addresses with 4 KiB and 16 KiB granules")
            .bit("D128", 8, "128-bit descriptors")
            .field("VAX", 11, 10, "virtual address bits per TTB")
            .values("48 bits", "52 bits")
            .field("STALL_MAX", 31, 16, "stall events outstanding at most; RES0 if STALL_MODEL = 1")
            .build();

    public static final BitField IDR5_OAS = IDR5.field("OAS");
    public static final BitField IDR5_GRAN4K = IDR5.field("GRAN4K");
    public static final BitField IDR5_GRAN16K = IDR5.field("GRAN16K");
    public static final BitField IDR5_GRAN64K = IDR5.field("GRAN64K");
    public static final BitField IDR5_DS = IDR5.field("DS");
    public static final BitField IDR5_D128 = IDR5.field("D128");
    public static final BitField IDR5_VAX = IDR5.field("VAX");
    public static final BitField IDR5_STALL_MAX = IDR5.field("STALL_MAX");

    /** The sheet gives only the offset; the four fields are those that every public header agrees on. */
    public static final RegisterLayout IIDR = RegisterLayout.builder("IIDR", 0x18, 32, READ_ONLY, "IHI 0070 §6")
            .field("Implementer", 11, 0, "JEP106 code of the implementer")
            .field("Revision", 15, 12, "minor revision")
            .field("Variant", 19, 16, "major revision")
            .field("ProductID", 31, 20, "product")
            .build();

    public static final BitField IIDR_IMPLEMENTER = IIDR.field("Implementer");
    public static final BitField IIDR_REVISION = IIDR.field("Revision");
    public static final BitField IIDR_VARIANT = IIDR.field("Variant");
    public static final BitField IIDR_PRODUCTID = IIDR.field("ProductID");

    public static final RegisterLayout AIDR = RegisterLayout.builder("AIDR", 0x1C, 32, READ_ONLY, "IHI 0070 §6")
            .field("ArchMinorRev", 3, 0, "0 to 4 = SMMUv3.0 to SMMUv3.4")
            .field("ArchMajorRev", 7, 4, "0 = SMMUv3")
            .build();

    public static final BitField AIDR_ARCH_MINOR_REV = AIDR.field("ArchMinorRev");
    public static final BitField AIDR_ARCH_MAJOR_REV = AIDR.field("ArchMajorRev");

    private IdRegisters() {}
}
