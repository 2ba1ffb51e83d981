package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;
import static dev.sva4j.spi.layout.RegisterAccess.READ_WRITE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * Where interrupts of the IOMMU go (AMD-Vi 3.3). The MSI registers show the MSI capability of its PCI function
 * (EFR.MsiCapMmioSup; offsets by Linux and VirtualBox); the XT registers take its place with Control.IntCapXTEn.
 */
public final class InterruptRegisters {

    /** Miscellaneous Information Register 0 of the IOMMU capability. */
    public static final RegisterLayout MSI_VECTOR_0 = RegisterLayout.builder(
                    "MSI_VECTOR_0", 0x0150, 32, READ_ONLY, "AMD-Vi 3.3")
            .field("MsiNum", 4, 0, "message of the event log and COMPLETION_WAIT, added to MsiData")
            .field("GVAsize", 7, 5, "guest virtual address size")
            .value(2, "48 bits")
            .field("PAsize", 14, 8, "bits of a physical address")
            .field("VAsize", 21, 15, "bits of a virtual address")
            .bit("HtAtsResv", 22, "the HyperTransport range is reserved for translation responses")
            .field("MsiNumPPR", 31, 27, "message of the PPR log")
            .build();

    public static final RegisterLayout MSI_VECTOR_1 = RegisterLayout.builder(
                    "MSI_VECTOR_1", 0x0154, 32, READ_ONLY, "AMD-Vi 3.3")
            .field("MsiNumGA", 4, 0, "message of the guest virtual APIC log")
            .build();

    public static final RegisterLayout MSI_CAPABILITY = RegisterLayout.builder(
                    "MSI_CAPABILITY", 0x0158, 32, READ_WRITE, "AMD-Vi 3.3")
            .field("MsiCapId", 7, 0, "5")
            .access(READ_ONLY)
            .field("MsiCapPtr", 15, 8, "next capability")
            .access(READ_ONLY)
            .bit("MsiEn", 16, "messages are sent")
            .field("MsiMultMessCap", 19, 17, "2^MsiMultMessCap messages are asked for")
            .access(READ_ONLY)
            .field("MsiMultMessEn", 22, 20, "2^MsiMultMessEn messages are given")
            .bit("Msi64En", 23, "64-bit addresses")
            .access(READ_ONLY)
            .build();

    public static final RegisterLayout MSI_ADDRESS_LO = RegisterLayout.builder(
                    "MSI_ADDRESS_LO", 0x015C, 32, READ_WRITE, "AMD-Vi 3.3")
            .address("MsiAddrLo", 31, 2, "message address")
            .build();

    public static final RegisterLayout MSI_ADDRESS_HI = RegisterLayout.builder(
                    "MSI_ADDRESS_HI", 0x0160, 32, READ_WRITE, "AMD-Vi 3.3")
            .field("MsiAddrHi", 31, 0, "message address, bits 63:32")
            .build();

    public static final RegisterLayout MSI_DATA = RegisterLayout.builder(
                    "MSI_DATA", 0x0164, 32, READ_WRITE, "AMD-Vi 3.3")
            .field("MsiData", 15, 0, "message data")
            .build();

    /** For the event log and COMPLETION_WAIT. */
    public static final RegisterLayout XT_GENERAL = RegisterLayout.builder(
                    "XT_GENERAL", 0x0170, 64, READ_WRITE, "AMD-Vi 3.3")
            .bit("DestMode", 2, "logical destination")
            .field("DestLo", 31, 8, "destination, bits 23:0")
            .field("Vector", 39, 32, "vector")
            .field("DestHi", 63, 56, "destination, bits 31:24")
            .build();

    public static final BitField MSI_NUM = MSI_VECTOR_0.field("MsiNum");
    public static final BitField GVA_SIZE = MSI_VECTOR_0.field("GVAsize");
    public static final BitField PA_SIZE = MSI_VECTOR_0.field("PAsize");
    public static final BitField VA_SIZE = MSI_VECTOR_0.field("VAsize");
    public static final BitField HT_ATS_RESV = MSI_VECTOR_0.field("HtAtsResv");
    public static final BitField MSI_NUM_PPR = MSI_VECTOR_0.field("MsiNumPPR");
    public static final BitField MSI_NUM_GA = MSI_VECTOR_1.field("MsiNumGA");
    public static final BitField MSI_CAP_ID = MSI_CAPABILITY.field("MsiCapId");
    public static final BitField MSI_CAP_PTR = MSI_CAPABILITY.field("MsiCapPtr");
    public static final BitField MSI_EN = MSI_CAPABILITY.field("MsiEn");
    public static final BitField MSI_MULT_MESS_CAP = MSI_CAPABILITY.field("MsiMultMessCap");
    public static final BitField MSI_MULT_MESS_EN = MSI_CAPABILITY.field("MsiMultMessEn");
    public static final BitField MSI64_EN = MSI_CAPABILITY.field("Msi64En");
    public static final BitField MSI_ADDR_LO = MSI_ADDRESS_LO.field("MsiAddrLo");
    public static final BitField MSI_ADDR_HI = MSI_ADDRESS_HI.field("MsiAddrHi");
    public static final BitField DATA = MSI_DATA.field("MsiData");
    public static final BitField DEST_MODE = XT_GENERAL.field("DestMode");
    public static final BitField DEST_LO = XT_GENERAL.field("DestLo");
    public static final BitField VECTOR = XT_GENERAL.field("Vector");
    public static final BitField DEST_HI = XT_GENERAL.field("DestHi");

    /** For the PPR log. */
    public static final RegisterLayout XT_PPR = XT_GENERAL.mirror("XT_PPR", 0x0178, READ_WRITE);

    /** For the guest virtual APIC log. */
    public static final RegisterLayout XT_GA = XT_GENERAL.mirror("XT_GA", 0x0180, READ_WRITE);

    private InterruptRegisters() {}

    /** The address of messages from its two registers. */
    public static long messageAddress(long addressLo, long addressHi) {
        return MSI_ADDR_HI.get(addressHi) << 32 | MSI_ADDR_LO.getAddress(addressLo);
    }

    /** The value of MSI_ADDRESS_LO for a message address, which is a multiple of 4. */
    public static long addressLo(long messageAddress) {
        return MSI_ADDR_LO.encodeAddress(messageAddress & 0xFFFF_FFFFL);
    }

    /** The value of MSI_ADDRESS_HI for a message address. */
    public static long addressHi(long messageAddress) {
        return messageAddress >>> 32;
    }
}
