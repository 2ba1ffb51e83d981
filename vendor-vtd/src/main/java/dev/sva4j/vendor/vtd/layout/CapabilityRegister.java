package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/** What the unit can do: CAP (VT-d 11.4). */
public final class CapabilityRegister {

    public static final RegisterLayout CAP = RegisterLayout.builder("CAP", 0x08, 64, READ_ONLY, "VT-d 11.4")
            .field("ND", 2, 0, "a domain identifier has 4 + 2 * ND bits")
            .bit("RWBF", 4, "the write buffer must be flushed; 0 if ECAP.SMTS")
            .bit("PLMR", 5, "protected low memory region")
            .bit("PHMR", 6, "protected high memory region")
            .bit("CM", 7, "caching mode: entries that are not present may be cached")
            .field("SAGAW", 12, 8, "second-stage widths: bit 1 = 39 bits, bit 2 = 48 bits, bit 3 = 57 bits")
            .field("MGAW", 21, 16, "maximum guest address width - 1")
            .bit("ZLR", 22, "zero-length reads of write-only pages")
            .field("FRO", 33, 24, "offset of the fault recording registers / 16")
            .field("SSLPS", 37, 34, "second-stage large pages: bit 0 = 2 MiB, bit 1 = 1 GiB")
            .bit("PSI", 39, "iotlb_inv can select pages")
            .field("NFR", 47, 40, "number of fault recording registers - 1")
            .field("MAMV", 53, 48, "largest AM of iotlb_inv")
            .bit("DWD", 54, "drains writes")
            .bit("DRD", 55, "drains reads")
            .bit("FS1GP", 56, "first-stage 1 GiB pages")
            .bit("PI", 59, "posted interrupts")
            .bit("FS5LP", 60, "first-stage 5-level paging")
            .bit("ECMDS", 61, "enhanced commands")
            .bit("ESIRTPS", 62, "setting the interrupt table pointer invalidates")
            .bit("ESRTPS", 63, "setting the root table pointer invalidates")
            .build();

    public static final BitField ND = CAP.field("ND");
    public static final BitField RWBF = CAP.field("RWBF");
    public static final BitField PLMR = CAP.field("PLMR");
    public static final BitField PHMR = CAP.field("PHMR");
    public static final BitField CM = CAP.field("CM");
    public static final BitField SAGAW = CAP.field("SAGAW");
    public static final BitField MGAW = CAP.field("MGAW");
    public static final BitField ZLR = CAP.field("ZLR");
    public static final BitField FRO = CAP.field("FRO");
    public static final BitField SSLPS = CAP.field("SSLPS");
    public static final BitField PSI = CAP.field("PSI");
    public static final BitField NFR = CAP.field("NFR");
    public static final BitField MAMV = CAP.field("MAMV");
    public static final BitField DWD = CAP.field("DWD");
    public static final BitField DRD = CAP.field("DRD");
    public static final BitField FS1GP = CAP.field("FS1GP");
    public static final BitField PI = CAP.field("PI");
    public static final BitField FS5LP = CAP.field("FS5LP");
    public static final BitField ECMDS = CAP.field("ECMDS");
    public static final BitField ESIRTPS = CAP.field("ESIRTPS");
    public static final BitField ESRTPS = CAP.field("ESRTPS");

    private CapabilityRegister() {}

    /** Bits of a domain identifier, 4 to 16. */
    public static int domainIdBits(long cap) {
        return 4 + 2 * (int) ND.get(cap);
    }

    /** Bits of a guest address, at most. */
    public static int guestAddressBits(long cap) {
        return (int) MGAW.get(cap) + 1;
    }

    /** How many fault recording registers there are. */
    public static int faultRecords(long cap) {
        return (int) NFR.get(cap) + 1;
    }

    /** Offset of fault recording register {@code index}, whose two words are at this offset and 8 above. */
    public static long faultRecordOffset(long cap, int index) {
        return (FRO.get(cap) + index) * FaultRecord.LAYOUT.bytes();
    }

    /** Whether the second stage may have this width, as {@link AddressWidth} encodes it. */
    public static boolean supportsWidth(long cap, int aw) {
        return aw >= AddressWidth.BITS_39 && aw <= AddressWidth.BITS_57 && (SAGAW.get(cap) >>> aw & 1) != 0;
    }

    /** Whether the second stage may have 2 MiB leaves. */
    public static boolean secondStage2M(long cap) {
        return (SSLPS.get(cap) & 1) != 0;
    }

    /** Whether the second stage may have 1 GiB leaves. */
    public static boolean secondStage1G(long cap) {
        return (SSLPS.get(cap) & 2) != 0;
    }
}
