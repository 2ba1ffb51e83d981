package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.spi.layout.RegisterAccess.READ_ONLY;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.RegisterLayout;

/**
 * What else the IOMMU can do: the Extended Feature 2 Register, EFR2 (AMD-Vi 3.3). A firmware header has CXLIO in bit
 * 0, which no other source confirms.
 */
public final class ExtendedFeatures2 {

    public static final RegisterLayout EXT_FEATURE2 = RegisterLayout.builder(
                    "EXT_FEATURE2", 0x01A0, 64, READ_ONLY, "AMD-Vi 3.3")
            .bit("SEVSNPIOSup", 1, "I/O of SEV-SNP guests")
            .bit("TMPMSup", 2, "tiered memory page migration")
            .bit("GCR3TRPModeSup", 3, "Control.GCR3TRPMode")
            .bit("GAPPIDisSup", 4, "physical processor interrupts can be disabled")
            .field("SNPAVICSup", 7, 5, "guest virtual APIC with SNP")
            .field("NumIntRemapSup", 9, 8, "interrupts of a device")
            .bit("HTRangeIgnore", 11, "the HyperTransport range is memory")
            .build();

    public static final BitField SEVSNPIO_SUP = EXT_FEATURE2.field("SEVSNPIOSup");
    public static final BitField TMPM_SUP = EXT_FEATURE2.field("TMPMSup");
    public static final BitField GCR3_TRP_MODE_SUP = EXT_FEATURE2.field("GCR3TRPModeSup");
    public static final BitField GAPPI_DIS_SUP = EXT_FEATURE2.field("GAPPIDisSup");
    public static final BitField SNPAVIC_SUP = EXT_FEATURE2.field("SNPAVICSup");
    public static final BitField NUM_INT_REMAP_SUP = EXT_FEATURE2.field("NumIntRemapSup");
    public static final BitField HT_RANGE_IGNORE = EXT_FEATURE2.field("HTRangeIgnore");

    private ExtendedFeatures2() {}
}
