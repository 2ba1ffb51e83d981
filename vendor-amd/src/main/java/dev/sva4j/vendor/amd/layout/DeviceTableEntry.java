package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.SplitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * The device table entry, DTE (AMD-Vi 2.2.2): page tables, domain and rights of one device. Hardware reads the 256
 * bits at once.
 *
 * <p>What is reserved depends on features: PPR and GPRP without EPHSup; GIoV without GIoSup; GV, GLX and GCR3TRP
 * without GTSup. GPM was reserved in old revisions; bits 181:180 are still. Bit 245 is for software by one header and
 * reserved by QEMU's mask, which is followed here.
 */
public final class DeviceTableEntry {

    /** Mode: no host page table, addresses pass. 1 to 6 are the levels of one. */
    public static final int MODE_NONE = 0;

    /** Mode: the most levels. 7 is reserved. */
    public static final int MODE_MAX = 6;

    public static final int HAD_NONE = 0;
    public static final int HAD_ACCESSED = 1;
    public static final int HAD_RESERVED = 2;
    public static final int HAD_ACCESSED_DIRTY = 3;

    /** GLX: reserved. 0 to 2 are the levels of the GCR3 table less one. */
    public static final int GLX_RESERVED = 3;

    public static final int GPM_4_LEVEL = 0;
    public static final int GPM_5_LEVEL = 1;

    public static final StructLayout LAYOUT = StructLayout.builder("DTE", 4, "AMD-Vi 2.2.2")
            .bit("V", 0, 0, "bits 127:1 are valid; 0 = requests pass untranslated")
            .bit("TV", 0, 1, "the fields for translation are valid")
            .field("HAD", 0, 8, 7, "updates of host page tables")
            .values("none", "accessed", "reserved", "accessed and dirty")
            .field("Mode", 0, 11, 9, "levels of the host page table")
            .values("no host table", "1 level", "2 levels", "3 levels", "4 levels", "5 levels", "6 levels", "reserved")
            .address("HostPageTableRoot", 0, 51, 12, "host page table, if Mode is not 0")
            .bit("PPR", 0, 52, "the device may send page requests")
            .bit("GPRP", 0, 53, "responses that hardware makes have a PASID")
            .bit("GIoV", 0, 54, "requests without PASID have PASID 0")
            .bit("GV", 0, 55, "guest translation: the GCR3 table is valid")
            .field("GLX", 0, 57, 56, "levels of the GCR3 table")
            .values("1 level", "2 levels", "3 levels", "reserved")
            .splitAddress(
                    "GCR3TRP",
                    "GCR3 table",
                    new SplitField.Piece(0, 60, 58, 12),
                    new SplitField.Piece(1, 31, 16, 15),
                    new SplitField.Piece(1, 63, 43, 31))
            .bit("IR", 0, 61, "the device may read")
            .bit("IW", 0, 62, "the device may write")
            .field("DomainID", 1, 15, 0, "domain, tag of all that is cached")
            .bit("I", 1, 32, "the device may have a TLB of its own (ATS)")
            .bit("SE", 1, 33, "only the first IO_PAGE_FAULT is logged")
            .bit("SA", 1, 34, "no IO_PAGE_FAULT is logged")
            .field("IoCtl", 1, 36, 35, "port I/O")
            .values("abort", "forward", "translate", "reserved")
            .bit("Cache", 1, 37, "what the device's TLB is given is not cached")
            .bit("SD", 1, 38, "requests do not snoop")
            .bit("EX", 1, 39, "the exclusion range counts")
            .field("SysMgt", 1, 41, 40, "system management messages")
            .values("abort", "forward", "forward INTx", "translate")
            .bit("SATS", 1, 42, "secure ATS")
            .bit("IV", 2, 0, "bits 191:129 are valid")
            .field("IntTabLen", 2, 4, 1, "2^IntTabLen interrupts; at most 11")
            .bit("IG", 2, 5, "unmapped interrupts are not logged")
            .address("IntTabRoot", 2, 51, 6, "interrupt remapping table")
            .field("GPM", 2, 55, 54, "guest paging mode")
            .values("4 levels", "5 levels", "reserved", "reserved")
            .bit("InitPass", 2, 56, "INIT passes")
            .bit("EIntPass", 2, 57, "ExtInt passes")
            .bit("NMIPass", 2, 58, "NMI passes")
            .bit("HptMode", 2, 59, "host page table mode")
            .field("IntCtl", 2, 61, 60, "fixed and arbitrated interrupts")
            .values("abort", "forward", "remap", "reserved")
            .bit("Lint0Pass", 2, 62, "LINT0 passes")
            .bit("Lint1Pass", 2, 63, "LINT1 passes")
            .bit("vImuEn", 3, 15, "virtual IOMMU")
            .field("GuestDevID", 3, 31, 16, "DeviceID in the guest")
            .field("GuestID", 3, 47, 32, "guest")
            .bit("AttrV", 3, 54, "Mode0FC and SnoopAttr are valid")
            .bit("Mode0FC", 3, 55, "force coherent if Mode = 0")
            .field("SnoopAttr", 3, 63, 56, "snoop attributes")
            .build();

    public static final BitField V = LAYOUT.field("V");
    public static final BitField TV = LAYOUT.field("TV");
    public static final BitField HAD = LAYOUT.field("HAD");
    public static final BitField MODE = LAYOUT.field("Mode");
    public static final BitField HOST_PAGE_TABLE_ROOT = LAYOUT.field("HostPageTableRoot");
    public static final BitField PPR = LAYOUT.field("PPR");
    public static final BitField GPRP = LAYOUT.field("GPRP");
    public static final BitField GIOV = LAYOUT.field("GIoV");
    public static final BitField GV = LAYOUT.field("GV");
    public static final BitField GLX = LAYOUT.field("GLX");

    /** The root of the GCR3 table, in words 0 and 1. */
    public static final SplitField GCR3TRP = LAYOUT.split("GCR3TRP");

    public static final BitField IR = LAYOUT.field("IR");
    public static final BitField IW = LAYOUT.field("IW");
    public static final BitField DOMAIN_ID = LAYOUT.field("DomainID");
    public static final BitField I = LAYOUT.field("I");
    public static final BitField SE = LAYOUT.field("SE");
    public static final BitField SA = LAYOUT.field("SA");
    public static final BitField IO_CTL = LAYOUT.field("IoCtl");
    public static final BitField CACHE = LAYOUT.field("Cache");
    public static final BitField SD = LAYOUT.field("SD");
    public static final BitField EX = LAYOUT.field("EX");
    public static final BitField SYS_MGT = LAYOUT.field("SysMgt");
    public static final BitField SATS = LAYOUT.field("SATS");
    public static final BitField IV = LAYOUT.field("IV");
    public static final BitField INT_TAB_LEN = LAYOUT.field("IntTabLen");
    public static final BitField IG = LAYOUT.field("IG");
    public static final BitField INT_TAB_ROOT = LAYOUT.field("IntTabRoot");
    public static final BitField GPM = LAYOUT.field("GPM");
    public static final BitField INIT_PASS = LAYOUT.field("InitPass");
    public static final BitField EINT_PASS = LAYOUT.field("EIntPass");
    public static final BitField NMI_PASS = LAYOUT.field("NMIPass");
    public static final BitField HPT_MODE = LAYOUT.field("HptMode");
    public static final BitField INT_CTL = LAYOUT.field("IntCtl");
    public static final BitField LINT0_PASS = LAYOUT.field("Lint0Pass");
    public static final BitField LINT1_PASS = LAYOUT.field("Lint1Pass");
    public static final BitField V_IMU_EN = LAYOUT.field("vImuEn");
    public static final BitField GUEST_DEV_ID = LAYOUT.field("GuestDevID");
    public static final BitField GUEST_ID = LAYOUT.field("GuestID");
    public static final BitField ATTR_V = LAYOUT.field("AttrV");
    public static final BitField MODE0_FC = LAYOUT.field("Mode0FC");
    public static final BitField SNOOP_ATTR = LAYOUT.field("SnoopAttr");

    private DeviceTableEntry() {}

    /** The root of the GCR3 table. */
    public static long gcr3Root(long word0, long word1) {
        return GCR3TRP.from(0, word0) | GCR3TRP.from(1, word1);
    }

    /** Levels of the GCR3 table, 1 to 3; 4 for the reserved GLX. */
    public static int gcr3Levels(long word0) {
        return (int) GLX.get(word0) + 1;
    }

    /** Levels of guest page tables, 4 or 5. Only if GPM is not reserved. */
    public static int guestLevels(long word2) {
        return (int) GPM.get(word2) + 4;
    }
}
