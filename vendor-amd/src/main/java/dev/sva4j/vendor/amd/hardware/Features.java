package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.amd.layout.ExtendedFeatures;

/** EFR taken apart once, for the checks that depend on it. Immutable. */
final class Features {
    final FeatureRegisters registers;

    final boolean prefetch;
    final boolean pageRequests;
    final boolean noExecute;
    final boolean guests;
    final boolean invalidateAll;
    final boolean guestUntagged;
    final boolean enhancedPageRequests;
    final boolean autoResponses;
    final boolean userPages;
    final boolean updatesCanBeDisabled;
    final boolean messageRegisters;
    final int hostLevels;
    final int guestLevels;
    final int largestGlx;
    final int pasidBits;

    /** log2 of the most segments of the device table. */
    final long largestSegmentsEn;

    Features(FeatureRegisters registers) {
        this.registers = registers;
        long efr = registers.efr();
        this.prefetch = has(ExtendedFeatures.PRE_F_SUP);
        this.pageRequests = has(ExtendedFeatures.PPR_SUP);
        this.noExecute = has(ExtendedFeatures.NX_SUP);
        this.guests = has(ExtendedFeatures.GT_SUP);
        this.invalidateAll = has(ExtendedFeatures.IA_SUP);
        this.guestUntagged = has(ExtendedFeatures.GIO_SUP);
        this.enhancedPageRequests = has(ExtendedFeatures.EPH_SUP);
        this.autoResponses = has(ExtendedFeatures.PPR_AUTO_RSP_SUP);
        this.userPages = has(ExtendedFeatures.US_SUP);
        this.updatesCanBeDisabled = has(ExtendedFeatures.GA_UPDATE_DIS_SUP);
        this.messageRegisters = has(ExtendedFeatures.MSI_CAP_MMIO_SUP);
        this.hostLevels = ExtendedFeatures.hostLevels(efr);
        this.guestLevels = ExtendedFeatures.guestLevels(efr);
        this.largestGlx = ExtendedFeatures.largestGlx(efr);
        this.pasidBits = ExtendedFeatures.pasidBits(efr);
        this.largestSegmentsEn = ExtendedFeatures.DEV_TBL_SEG_SUP.get(efr);
    }

    private boolean has(BitField feature) {
        return feature.isSet(registers.efr());
    }
}
