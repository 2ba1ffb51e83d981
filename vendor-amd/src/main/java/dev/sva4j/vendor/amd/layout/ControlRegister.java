package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * The Control register (AMD-Vi 3.3).
 *
 * <p>Events are logged if IommuEn and EventLogEn, commands executed if IommuEn and CmdBufEn (VirtualBox, QEMU).
 * InvTimeOut is by Linux and VirtualBox; FreeBSD's header has another value for 100 s.
 */
public final class ControlRegister {

    public static final RegisterLayout CONTROL = RegisterLayout.builder("CONTROL", 0x0018, 64, READ_WRITE, "AMD-Vi 3.3")
            .bit("IommuEn", 0, "translation; 0 = requests pass")
            .bit("HtTunEn", 1, "HyperTransport tunnel translation")
            .bit("EventLogEn", 2, "event log")
            .bit("EventIntEn", 3, "interrupt for events")
            .bit("ComWaitIntEn", 4, "interrupt for COMPLETION_WAIT")
            .field("InvTimeOut", 7, 5, "time for the answer to INVALIDATE_IOTLB_PAGES")
            .values("none", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s", "reserved")
            .bit("PassPW", 8, "pass posted writes")
            .bit("ResPassPW", 9, "response pass posted writes")
            .bit("Coherent", 10, "table accesses snoop; 1 after reset")
            .bit("Isoc", 11, "isochronous table accesses")
            .bit("CmdBufEn", 12, "command buffer")
            .bit("PPRLogEn", 13, "PPR log")
            .bit("PPRIntEn", 14, "interrupt for page requests")
            .bit("PPREn", 15, "page requests")
            .bit("GTEn", 16, "guest translation")
            .bit("GAEn", 17, "guest virtual APIC")
            .field("CRW", 21, 18, "compatibility with revision 1")
            .bit("SmiFEn", 22, "SMI filter")
            .bit("SlfWBDis", 23, "self write back disable")
            .bit("SmiFLogEn", 24, "log of filtered SMIs")
            .field("GAMEn", 27, 25, "guest virtual APIC mode")
            .bit("GALogEn", 28, "guest virtual APIC log")
            .bit("GAIntEn", 29, "interrupt for that log")
            .field("DualPprLogEn", 31, 30, "PPR log B")
            .values("A", "B", "swap by itself")
            .field("DualEventLogEn", 33, 32, "event log B")
            .values("A", "B", "swap by itself")
            .field("DevTblSegEn", 36, 34, "2^DevTblSegEn segments of the device table, at most 8")
            .field("PrivAbrtEn", 38, 37, "privileged abort")
            .bit("PprAutoRspEn", 39, "hardware answers page requests that it cannot log")
            .bit("MarcEn", 40, "memory address routing")
            .bit("BlkStopMrkEn", 41, "block stop markers")
            .bit("PprAutoRspAon", 42, "hardware answers all page requests")
            .field("NumIntRemapMode", 44, 43, "interrupts of a device")
            .bit("EPHEn", 45, "enhanced handling of page requests")
            .field("HADUpdate", 47, 46, "accessed and dirty updates of host page tables")
            .bit("GDUpdateDis", 48, "no dirty updates of guest page tables")
            .bit("XTEn", 50, "x2APIC")
            .bit("IntCapXTEn", 51, "interrupts by the XT registers")
            .bit("vCmdEn", 52, "virtual commands")
            .bit("vIOMMUEn", 53, "virtual IOMMU")
            .bit("GAUpdateDis", 54, "no accessed updates of guest page tables")
            .bit("GAPPIEn", 55, "physical processor interrupts of the guest virtual APIC")
            .bit("TMPMEn", 56, "tiered memory page migration")
            .bit("GCR3TRPMode", 58, "DTE.GCR3TRP is a guest physical address")
            .bit("IRTCacheDis", 59, "interrupt remapping table is not cached")
            .bit("GstBufTRPMode", 60, "guest buffer pointers are guest physical addresses")
            .field("SNPAVICEn", 63, 61, "guest virtual APIC with SNP")
            .build();

    public static final BitField IOMMU_EN = CONTROL.field("IommuEn");
    public static final BitField HT_TUN_EN = CONTROL.field("HtTunEn");
    public static final BitField EVENT_LOG_EN = CONTROL.field("EventLogEn");
    public static final BitField EVENT_INT_EN = CONTROL.field("EventIntEn");
    public static final BitField COM_WAIT_INT_EN = CONTROL.field("ComWaitIntEn");
    public static final BitField INV_TIME_OUT = CONTROL.field("InvTimeOut");
    public static final BitField PASS_PW = CONTROL.field("PassPW");
    public static final BitField RES_PASS_PW = CONTROL.field("ResPassPW");
    public static final BitField COHERENT = CONTROL.field("Coherent");
    public static final BitField ISOC = CONTROL.field("Isoc");
    public static final BitField CMD_BUF_EN = CONTROL.field("CmdBufEn");
    public static final BitField PPR_LOG_EN = CONTROL.field("PPRLogEn");
    public static final BitField PPR_INT_EN = CONTROL.field("PPRIntEn");
    public static final BitField PPR_EN = CONTROL.field("PPREn");
    public static final BitField GT_EN = CONTROL.field("GTEn");
    public static final BitField GA_EN = CONTROL.field("GAEn");
    public static final BitField CRW = CONTROL.field("CRW");
    public static final BitField SMI_F_EN = CONTROL.field("SmiFEn");
    public static final BitField SLF_WB_DIS = CONTROL.field("SlfWBDis");
    public static final BitField SMI_F_LOG_EN = CONTROL.field("SmiFLogEn");
    public static final BitField GAM_EN = CONTROL.field("GAMEn");
    public static final BitField GA_LOG_EN = CONTROL.field("GALogEn");
    public static final BitField GA_INT_EN = CONTROL.field("GAIntEn");
    public static final BitField DUAL_PPR_LOG_EN = CONTROL.field("DualPprLogEn");
    public static final BitField DUAL_EVENT_LOG_EN = CONTROL.field("DualEventLogEn");
    public static final BitField DEV_TBL_SEG_EN = CONTROL.field("DevTblSegEn");
    public static final BitField PRIV_ABRT_EN = CONTROL.field("PrivAbrtEn");
    public static final BitField PPR_AUTO_RSP_EN = CONTROL.field("PprAutoRspEn");
    public static final BitField MARC_EN = CONTROL.field("MarcEn");
    public static final BitField BLK_STOP_MRK_EN = CONTROL.field("BlkStopMrkEn");
    public static final BitField PPR_AUTO_RSP_AON = CONTROL.field("PprAutoRspAon");
    public static final BitField NUM_INT_REMAP_MODE = CONTROL.field("NumIntRemapMode");
    public static final BitField EPH_EN = CONTROL.field("EPHEn");
    public static final BitField HAD_UPDATE = CONTROL.field("HADUpdate");
    public static final BitField GD_UPDATE_DIS = CONTROL.field("GDUpdateDis");
    public static final BitField XT_EN = CONTROL.field("XTEn");
    public static final BitField INT_CAP_XT_EN = CONTROL.field("IntCapXTEn");
    public static final BitField V_CMD_EN = CONTROL.field("vCmdEn");
    public static final BitField V_IOMMU_EN = CONTROL.field("vIOMMUEn");
    public static final BitField GA_UPDATE_DIS = CONTROL.field("GAUpdateDis");
    public static final BitField GAPPI_EN = CONTROL.field("GAPPIEn");
    public static final BitField TMPM_EN = CONTROL.field("TMPMEn");
    public static final BitField GCR3_TRP_MODE = CONTROL.field("GCR3TRPMode");
    public static final BitField IRT_CACHE_DIS = CONTROL.field("IRTCacheDis");
    public static final BitField GST_BUF_TRP_MODE = CONTROL.field("GstBufTRPMode");
    public static final BitField SNPAVIC_EN = CONTROL.field("SNPAVICEn");

    private static final long MILLISECOND = 1_000_000;

    private ControlRegister() {}

    /** InvTimeOut in nanoseconds; 0 for none. */
    public static long invTimeOutNanos(long control) {
        long nanos = MILLISECOND;
        long encoded = INV_TIME_OUT.get(control);
        if (encoded == 0 || encoded == INV_TIME_OUT.max()) {
            return 0;
        }
        for (long i = 1; i < encoded; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    /** The longest InvTimeOut of at most so many nanoseconds; that of a millisecond if all are longer. */
    public static int longestInvTimeOut(long nanos) {
        int encoded = (int) INV_TIME_OUT.max() - 1;
        while (encoded > 1 && invTimeOutNanos(INV_TIME_OUT.encode(encoded)) > nanos) {
            encoded--;
        }
        return encoded;
    }
}
