package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/** What the IOMMU can do: the Extended Feature Register, EFR (AMD-Vi 3.3). */
public final class ExtendedFeatures {

    public static final RegisterLayout EXT_FEATURE = RegisterLayout.builder(
                    "EXT_FEATURE", 0x0030, 64, READ_ONLY, "AMD-Vi 3.3")
            .bit("PreFSup", 0, "PREFETCH_IOMMU_PAGES")
            .bit("PPRSup", 1, "page requests")
            .bit("XTSup", 2, "x2APIC")
            .bit("NXSup", 3, "no-execute and privilege in guest page tables")
            .bit("GTSup", 4, "guest translation")
            .bit("GAPPISup", 5, "physical processor interrupts of the guest virtual APIC")
            .bit("IASup", 6, "INVALIDATE_IOMMU_ALL")
            .bit("GASup", 7, "guest virtual APIC")
            .bit("HESup", 8, "hardware error registers")
            .bit("PCSup", 9, "performance counters")
            .field("HATS", 11, 10, "levels of host page tables")
            .values("4 levels", "5 levels", "6 levels", "reserved")
            .field("GATS", 13, 12, "levels of guest page tables")
            .values("4 levels", "5 levels")
            .field("GLXSup", 15, 14, "levels of the GCR3 table")
            .values("1 level", "2 levels", "3 levels")
            .field("SmiFSup", 17, 16, "SMI filter")
            .field("SmiFRC", 20, 18, "SMI filter registers")
            .field("GAMSup", 23, 21, "guest virtual APIC modes")
            .field("DualPprLogSup", 25, 24, "PPR log B")
            .field("DualEventLogSup", 29, 28, "event log B")
            .bit("SATSSup", 31, "secure ATS")
            .field("PASmax", 36, 32, "bits of a PASID - 1")
            .bit("USSup", 37, "user and supervisor pages")
            .field("DevTblSegSup", 39, 38, "2^DevTblSegSup segments of the device table")
            .bit("PprOvrflwEarlySup", 40, "PPR_OVERFLOW_EARLY")
            .bit("PprAutoRspSup", 41, "PPR_AUTO_RESPONSE")
            .field("MarcSup", 43, 42, "memory address routing")
            .bit("BlkStopMrkSup", 44, "stop markers can be blocked")
            .bit("PerfOptSup", 45, "performance optimization")
            .bit("MsiCapMmioSup", 46, "the MSI registers at 0x150")
            .bit("GIoSup", 48, "DTE.GIoV")
            .bit("HASup", 49, "accessed flags of host page tables")
            .bit("EPHSup", 50, "enhanced handling of page requests: DTE.PPR and DTE.GPRP")
            .bit("AttrFWSup", 51, "attribute forwarding")
            .bit("HDSup", 52, "dirty flags of host page tables")
            .bit("InvIotlbTypeSup", 54, "Type of INVALIDATE_IOTLB_PAGES")
            .bit("vIOMMUSup", 55, "virtual IOMMU")
            .bit("VMGuardIOSup", 56, "guest I/O protection")
            .field("VMTableSize", 60, 57, "size of the table of virtual machines")
            .bit("GAUpdateDisSup", 61, "Control.GAUpdateDis")
            .bit("ForcePhyDestSup", 62, "physical destination of interrupts")
            .bit("SNPSup", 63, "secure nested paging")
            .build();

    public static final BitField PRE_F_SUP = EXT_FEATURE.field("PreFSup");
    public static final BitField PPR_SUP = EXT_FEATURE.field("PPRSup");
    public static final BitField XT_SUP = EXT_FEATURE.field("XTSup");
    public static final BitField NX_SUP = EXT_FEATURE.field("NXSup");
    public static final BitField GT_SUP = EXT_FEATURE.field("GTSup");
    public static final BitField GAPPI_SUP = EXT_FEATURE.field("GAPPISup");
    public static final BitField IA_SUP = EXT_FEATURE.field("IASup");
    public static final BitField GA_SUP = EXT_FEATURE.field("GASup");
    public static final BitField HE_SUP = EXT_FEATURE.field("HESup");
    public static final BitField PC_SUP = EXT_FEATURE.field("PCSup");
    public static final BitField HATS = EXT_FEATURE.field("HATS");
    public static final BitField GATS = EXT_FEATURE.field("GATS");
    public static final BitField GLX_SUP = EXT_FEATURE.field("GLXSup");
    public static final BitField SMI_F_SUP = EXT_FEATURE.field("SmiFSup");
    public static final BitField SMI_FRC = EXT_FEATURE.field("SmiFRC");
    public static final BitField GAM_SUP = EXT_FEATURE.field("GAMSup");
    public static final BitField DUAL_PPR_LOG_SUP = EXT_FEATURE.field("DualPprLogSup");
    public static final BitField DUAL_EVENT_LOG_SUP = EXT_FEATURE.field("DualEventLogSup");
    public static final BitField SATS_SUP = EXT_FEATURE.field("SATSSup");
    public static final BitField PAS_MAX = EXT_FEATURE.field("PASmax");
    public static final BitField US_SUP = EXT_FEATURE.field("USSup");
    public static final BitField DEV_TBL_SEG_SUP = EXT_FEATURE.field("DevTblSegSup");
    public static final BitField PPR_OVRFLW_EARLY_SUP = EXT_FEATURE.field("PprOvrflwEarlySup");
    public static final BitField PPR_AUTO_RSP_SUP = EXT_FEATURE.field("PprAutoRspSup");
    public static final BitField MARC_SUP = EXT_FEATURE.field("MarcSup");
    public static final BitField BLK_STOP_MRK_SUP = EXT_FEATURE.field("BlkStopMrkSup");
    public static final BitField PERF_OPT_SUP = EXT_FEATURE.field("PerfOptSup");
    public static final BitField MSI_CAP_MMIO_SUP = EXT_FEATURE.field("MsiCapMmioSup");
    public static final BitField GIO_SUP = EXT_FEATURE.field("GIoSup");
    public static final BitField HA_SUP = EXT_FEATURE.field("HASup");
    public static final BitField EPH_SUP = EXT_FEATURE.field("EPHSup");
    public static final BitField ATTR_FW_SUP = EXT_FEATURE.field("AttrFWSup");
    public static final BitField HD_SUP = EXT_FEATURE.field("HDSup");
    public static final BitField INV_IOTLB_TYPE_SUP = EXT_FEATURE.field("InvIotlbTypeSup");
    public static final BitField V_IOMMU_SUP = EXT_FEATURE.field("vIOMMUSup");
    public static final BitField VM_GUARD_IO_SUP = EXT_FEATURE.field("VMGuardIOSup");
    public static final BitField VM_TABLE_SIZE = EXT_FEATURE.field("VMTableSize");
    public static final BitField GA_UPDATE_DIS_SUP = EXT_FEATURE.field("GAUpdateDisSup");
    public static final BitField FORCE_PHY_DEST_SUP = EXT_FEATURE.field("ForcePhyDestSup");
    public static final BitField SNP_SUP = EXT_FEATURE.field("SNPSup");

    private ExtendedFeatures() {}

    /** The most levels of a host page table, 4 to 6. HATS 3 is reserved. */
    public static int hostLevels(long efr) {
        return (int) HATS.get(efr) + 4;
    }

    /** The most levels of a guest page table, 4 or 5. Linux knows no other GATS. */
    public static int guestLevels(long efr) {
        return (int) GATS.get(efr) + 4;
    }

    /** The largest GLX. */
    public static int largestGlx(long efr) {
        return (int) GLX_SUP.get(efr);
    }

    /** Bits of a PASID. */
    public static int pasidBits(long efr) {
        return (int) PAS_MAX.get(efr) + 1;
    }
}
