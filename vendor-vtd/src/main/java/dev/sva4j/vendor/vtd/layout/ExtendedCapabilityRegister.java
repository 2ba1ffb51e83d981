package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * What the unit can do: ECAP (VT-d 11.4).
 *
 * <p>Most bits count only with others: PASID, PSS, SRS, NEST, PRS, FSTS, SMPWCS and RPS need SMTS, which needs QI; PRS, PDS,
 * DIT and NWFS need DT.
 */
public final class ExtendedCapabilityRegister {

    public static final RegisterLayout ECAP = RegisterLayout.builder("ECAP", 0x10, 64, READ_ONLY, "VT-d 11.4")
            .bit("C", 0, "accesses to tables above the page tables are snooped")
            .bit("QI", 1, "queued invalidation")
            .bit("DT", 2, "device TLBs (ATS)")
            .bit("IR", 3, "interrupt remapping")
            .bit("EIM", 4, "extended interrupt mode")
            .bit("PT", 6, "pass-through")
            .bit("SC", 7, "snoop control: SNP and PGSNP are legal")
            .field("IRO", 17, 8, "offset of IVA and IOTLB / 16")
            .field("MHMV", 23, 20, "largest IM of iec_inv")
            .bit("MTS", 25, "memory types")
            .bit("NEST", 26, "nested translation")
            .bit("DIS", 27, "deferred invalidation; reserved in revision 5.10")
            .bit("PRS", 29, "page requests")
            .bit("ERS", 30, "execute requests; 0 since revision 4.1")
            .bit("SRS", 31, "supervisor requests")
            .bit("NWFS", 33, "no-write flag of translation requests")
            .bit("EAFS", 34, "extended accessed flag")
            .field("PSS", 39, 35, "bits of a PASID - 1")
            .bit("PASID", 40, "PASIDs")
            .bit("DIT", 41, "device-TLB invalidation throttling: PFSID counts")
            .bit("PDS", 42, "page request drain: inv_wait.PD is legal")
            .bit("SMTS", 43, "scalable mode")
            .bit("VCS", 44, "virtual commands")
            .bit("SSADS", 45, "second-stage accessed and dirty flags")
            .bit("SSTS", 46, "second-stage translation in scalable mode")
            .bit("FSTS", 47, "first-stage translation")
            .bit("SMPWCS", 48, "page walks can snoop")
            .bit("RPS", 49, "RID_PASID is legal")
            .bit("TDXCS", 50, "trust domains")
            .bit("PMS", 51, "performance monitoring")
            .bit("ADMS", 52, "abort-DMA mode")
            .bit("RPRIVS", 53, "RID_PRIV is legal")
            .bit("HPTS", 55, "host permission tables")
            .bit("PTRS", 56, "translated requests with PASID")
            .bit("SSIRWS", 57, "second-stage I/O read and write permissions")
            .bit("SMS", 58, "stop markers")
            .bit("HPT1GPS", 59, "1 GiB pages of host permission tables")
            .bit("RDTS", 60, "resource director technology")
            .bit("EIMER", 61, "")
            .bit("IRREQ", 62, "")
            .build();

    public static final BitField C = ECAP.field("C");
    public static final BitField QI = ECAP.field("QI");
    public static final BitField DT = ECAP.field("DT");
    public static final BitField IR = ECAP.field("IR");
    public static final BitField EIM = ECAP.field("EIM");
    public static final BitField PT = ECAP.field("PT");
    public static final BitField SC = ECAP.field("SC");
    public static final BitField IRO = ECAP.field("IRO");
    public static final BitField MHMV = ECAP.field("MHMV");
    public static final BitField MTS = ECAP.field("MTS");
    public static final BitField NEST = ECAP.field("NEST");
    public static final BitField DIS = ECAP.field("DIS");
    public static final BitField PRS = ECAP.field("PRS");
    public static final BitField ERS = ECAP.field("ERS");
    public static final BitField SRS = ECAP.field("SRS");
    public static final BitField NWFS = ECAP.field("NWFS");
    public static final BitField EAFS = ECAP.field("EAFS");
    public static final BitField PSS = ECAP.field("PSS");
    public static final BitField PASID = ECAP.field("PASID");
    public static final BitField DIT = ECAP.field("DIT");
    public static final BitField PDS = ECAP.field("PDS");
    public static final BitField SMTS = ECAP.field("SMTS");
    public static final BitField VCS = ECAP.field("VCS");
    public static final BitField SSADS = ECAP.field("SSADS");
    public static final BitField SSTS = ECAP.field("SSTS");
    public static final BitField FSTS = ECAP.field("FSTS");
    public static final BitField SMPWCS = ECAP.field("SMPWCS");
    public static final BitField RPS = ECAP.field("RPS");
    public static final BitField TDXCS = ECAP.field("TDXCS");
    public static final BitField PMS = ECAP.field("PMS");
    public static final BitField ADMS = ECAP.field("ADMS");
    public static final BitField RPRIVS = ECAP.field("RPRIVS");
    public static final BitField HPTS = ECAP.field("HPTS");
    public static final BitField PTRS = ECAP.field("PTRS");
    public static final BitField SSIRWS = ECAP.field("SSIRWS");
    public static final BitField SMS = ECAP.field("SMS");

    private ExtendedCapabilityRegister() {}

    /** Bits of a PASID, 1 to 20. */
    public static int pasidBits(long ecap) {
        return (int) PSS.get(ecap) + 1;
    }

    /** Offset of IVA; IOTLB is 8 above. */
    public static long iotlbOffset(long ecap) {
        return IRO.get(ecap) * 16;
    }
}
