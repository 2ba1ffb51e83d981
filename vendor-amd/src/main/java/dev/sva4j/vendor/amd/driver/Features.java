package dev.sva4j.vendor.amd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.IommuCapabilities.Feature;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.amd.layout.ExtendedFeatures;
import dev.sva4j.vendor.amd.layout.Gcr3Table;
import java.util.EnumSet;
import java.util.Set;

/**
 * What this IOMMU can do, read once from EFR (AMD-Vi 3.3). Every choice of bits is made from here, so that the same driver
 * runs on an implementation without guest translation.
 *
 * <p>What only the PCI capability says (IotlbSup, NpCache) is out of reach of a driver half: registers are all that it has. So
 * device TLBs are taken to be there with guest translation, and entries that are not present to be cached, as Linux does in
 * effect: it flushes a PASID when it is set, too.
 *
 * @param efr EFR
 */
record Features(long efr) {
    /** What page tables can hold; MSI_VECTOR_0 has the real width, but need not be there. */
    private static final int OUTPUT_BITS = 52;

    private static final int INPUT_BITS = 48;

    private static final int DOMAIN_ID_BITS = 16;

    static Features probe(Unit unit) {
        Features features = new Features(unit.read(ExtendedFeatures.EXT_FEATURE));
        if (ExtendedFeatures.HATS.get(features.efr) == ExtendedFeatures.HATS.max()) {
            throw unit.refusal(SvaError.UNSUPPORTED, "EFR.HATS is 3, which is reserved");
        }
        return features;
    }

    /** What core is told. */
    IommuCapabilities capabilities() {
        Set<Feature> features = EnumSet.of(Feature.UNTAGGED_PROCESS, Feature.RANGE_INVALIDATION, Feature.COHERENT_WALK);
        addIf(features, Feature.ATS, hasDeviceTlbs());
        addIf(features, Feature.PRI, hasPageRequests());
        addIf(features, Feature.ACCESS_DIRTY_UPDATE, translatesGuests());
        addIf(features, Feature.MESSAGE_INTERRUPTS, hasMessageRegisters());
        return new IommuCapabilities(pasidBits(), INPUT_BITS, OUTPUT_BITS, features);
    }

    private static void addIf(Set<Feature> features, Feature feature, boolean present) {
        if (present) {
            features.add(feature);
        }
    }

    /**
     * Whether devices are translated by GCR3 tables. As in Linux it takes GIoSup, too: host and guest tables of one device
     * would be nested, so untagged traffic has to go through the GCR3 table as well.
     */
    boolean translatesGuests() {
        return ExtendedFeatures.GT_SUP.isSet(efr) && ExtendedFeatures.GIO_SUP.isSet(efr);
    }

    boolean hasDeviceTlbs() {
        return translatesGuests();
    }

    /** EPHSup as Linux wants it: without, no DTE says whose page requests are taken. */
    boolean hasPageRequests() {
        return translatesGuests() && ExtendedFeatures.PPR_SUP.isSet(efr) && ExtendedFeatures.EPH_SUP.isSet(efr);
    }

    /** Whether hardware can answer page requests that it finds no room for. Else nobody does, and their devices wait for ever. */
    boolean hasAutoResponses() {
        return hasPageRequests() && ExtendedFeatures.PPR_AUTO_RSP_SUP.isSet(efr);
    }

    boolean hasEnhancedPageRequests() {
        return ExtendedFeatures.EPH_SUP.isSet(efr);
    }

    /** Whether its interrupt can be programmed through its registers. */
    boolean hasMessageRegisters() {
        return ExtendedFeatures.MSI_CAP_MMIO_SUP.isSet(efr);
    }

    boolean invalidatesAll() {
        return ExtendedFeatures.IA_SUP.isSet(efr);
    }

    /** Bits of a PASID, as far as a GCR3 table can have entries for them; 0 means that there are none. */
    int pasidBits() {
        if (!translatesGuests()) {
            return 0;
        }
        int largest = Gcr3Table.largestPasid(ExtendedFeatures.largestGlx(efr));
        return Math.min(
                Math.min(ExtendedFeatures.pasidBits(efr), Gcr3Table.PASID_BITS),
                Integer.SIZE - Integer.numberOfLeadingZeros(largest));
    }

    /** The most levels of a host page table. */
    int hostLevels() {
        return ExtendedFeatures.hostLevels(efr);
    }

    /** Whether hardware keeps the flags that DTE.HAD asks for. */
    boolean keepsHostFlags(boolean accessed, boolean dirty) {
        return (!accessed || ExtendedFeatures.HA_SUP.isSet(efr)) && (!dirty || ExtendedFeatures.HD_SUP.isSet(efr));
    }

    int domainIdBits() {
        return DOMAIN_ID_BITS;
    }
}
