package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.amd.layout.ExtendedFeatures;
import java.util.List;

/**
 * What an IOMMU says of itself: EFR and EFR2 (AMD-Vi 3.3).
 *
 * @param efr Extended Feature Register
 * @param efr2 Extended Feature 2 Register
 */
public record FeatureRegisters(long efr, long efr2) {
    /**
     * Page requests, guest translation with three GCR3 levels and 20-bit PASIDs, guest tables of 4 levels, host tables
     * of 6, no-execute, user and supervisor pages, INVALIDATE_IOMMU_ALL, GIoV, enhanced handling of page requests, answers to
     * page requests that find the log full, and MSI registers.
     */
    public static final FeatureRegisters PRODUCT = new FeatureRegisters(0x0005_4233_0000_885aL, 0);

    private static final List<BitField> IMPLEMENTED = List.of(
            ExtendedFeatures.PRE_F_SUP,
            ExtendedFeatures.PPR_SUP,
            ExtendedFeatures.NX_SUP,
            ExtendedFeatures.GT_SUP,
            ExtendedFeatures.IA_SUP,
            ExtendedFeatures.HATS,
            ExtendedFeatures.GLX_SUP,
            ExtendedFeatures.PAS_MAX,
            ExtendedFeatures.US_SUP,
            ExtendedFeatures.DEV_TBL_SEG_SUP,
            ExtendedFeatures.PPR_AUTO_RSP_SUP,
            ExtendedFeatures.MSI_CAP_MMIO_SUP,
            ExtendedFeatures.GIO_SUP,
            ExtendedFeatures.EPH_SUP,
            ExtendedFeatures.GA_UPDATE_DIS_SUP);

    /** The most that GATS says here; Linux knows no more. */
    private static final long GATS_5_LEVEL = 1;

    /** The same without what this model does not implement. */
    public FeatureRegisters implemented() {
        long kept = ExtendedFeatures.GATS.encode(Math.min(ExtendedFeatures.GATS.get(efr), GATS_5_LEVEL));
        for (BitField field : IMPLEMENTED) {
            kept |= field.encode(field.get(efr));
        }
        return new FeatureRegisters(kept, 0);
    }
}
