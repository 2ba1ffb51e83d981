package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.IommuCapabilities.Feature;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import dev.sva4j.vendor.vtd.layout.VersionRegister;
import java.util.EnumSet;
import java.util.Set;

/**
 * What this unit can do, read once from VER, CAP and ECAP (VT-d 11.4). Every choice of bits is made from here, so that the
 * same driver runs on an implementation without PASIDs, ATS or page requests.
 */
record Features(long ver, long cap, long ecap) {
    /**
     * The host address width is in no register but in ACPI (DMAR, "Host Address Width"), which this driver does not read.
     * What page tables can hold is the bound; memory that is there has addresses that fit.
     */
    private static final int OUTPUT_BITS = 52;

    private static final int FOUR_LEVEL_BITS = 48;
    private static final int FIVE_LEVEL_BITS = 57;

    /**
     * Reads the capability registers.
     *
     * @throws dev.sva4j.api.SvaException UNSUPPORTED with the first thing that this driver cannot do without
     */
    static Features probe(Unit unit) {
        Features features = new Features(
                unit.read(VersionRegister.VER),
                unit.read(CapabilityRegister.CAP),
                unit.read(ExtendedCapabilityRegister.ECAP));
        String missing = features.firstMissing();
        if (!missing.isEmpty()) {
            throw unit.refusal(SvaError.UNSUPPORTED, missing);
        }
        return features;
    }

    /** Bits that count only with another are looked at only where the other is 1 (VT-d 11.4). */
    private String firstMissing() {
        if (VersionRegister.MAX.get(ver) == 0) {
            return "VER.MAX is 0: no version of the architecture";
        } else if (!ExtendedCapabilityRegister.QI.isSet(ecap)) {
            return "ECAP.QI is 0: no queued invalidation";
        } else if (!ExtendedCapabilityRegister.SMTS.isSet(ecap)) {
            return "ECAP.SMTS is 0: no scalable mode";
        } else if (!ExtendedCapabilityRegister.FSTS.isSet(ecap)) {
            return "ECAP.FSTS is 0: no first-stage translation";
        }
        return "";
    }

    /** What core is told. */
    IommuCapabilities capabilities() {
        Set<Feature> features = EnumSet.of(
                Feature.UNTAGGED_PROCESS,
                Feature.RANGE_INVALIDATION,
                Feature.SILENT_QUIESCE,
                Feature.MESSAGE_INTERRUPTS);
        addIf(features, Feature.COHERENT_WALK, isCoherent() && canSnoopWalks());
        addIf(features, Feature.ATS, hasDeviceTlbs());
        addIf(features, Feature.PRI, hasPageRequests());
        // Flags are updated only by a walk that snoops (VT-d 3.6.2); elsewhere SFS.9 says that software has to.
        addIf(features, Feature.ACCESS_DIRTY_UPDATE, canSnoopWalks());
        return new IommuCapabilities(
                pasidBits(), hasFiveLevels() ? FIVE_LEVEL_BITS : FOUR_LEVEL_BITS, OUTPUT_BITS, features);
    }

    private static void addIf(Set<Feature> features, Feature feature, boolean present) {
        if (present) {
            features.add(feature);
        }
    }

    /** Whether the tables above the page tables are snooped. */
    boolean isCoherent() {
        return ExtendedCapabilityRegister.C.isSet(ecap);
    }

    /** Whether PASID table entries may ask for page walks that snoop. */
    boolean canSnoopWalks() {
        return ExtendedCapabilityRegister.SMPWCS.isSet(ecap);
    }

    /** Whether entries that are not present may be cached. */
    boolean cachesAbsentEntries() {
        return CapabilityRegister.CM.isSet(cap);
    }

    /** Whether taking a root table invalidates every cache. */
    boolean invalidatesWithRootTable() {
        return CapabilityRegister.ESRTPS.isSet(cap);
    }

    boolean hasDeviceTlbs() {
        return ExtendedCapabilityRegister.DT.isSet(ecap);
    }

    /** Whether PFSID counts in device-TLB invalidations. */
    boolean throttlesDeviceTlbInvalidation() {
        return hasDeviceTlbs() && ExtendedCapabilityRegister.DIT.isSet(ecap);
    }

    /** Without PDS nobody could tell when a PASID has no page requests any more; Linux wants it too. */
    boolean hasPageRequests() {
        return hasDeviceTlbs()
                && ExtendedCapabilityRegister.PRS.isSet(ecap)
                && ExtendedCapabilityRegister.PDS.isSet(ecap);
    }

    boolean hasPassThrough() {
        return ExtendedCapabilityRegister.PT.isSet(ecap);
    }

    /** Whether first-stage tables may have 1 GiB leaves. */
    boolean hasGigabyteLeaves() {
        return CapabilityRegister.FS1GP.isSet(cap);
    }

    /** Whether first-stage tables may have five levels. */
    boolean hasFiveLevels() {
        return CapabilityRegister.FS5LP.isSet(cap);
    }

    /** Bits of a PASID; 0 means that there are none. */
    int pasidBits() {
        return ExtendedCapabilityRegister.PASID.isSet(ecap) ? ExtendedCapabilityRegister.pasidBits(ecap) : 0;
    }

    int domainIdBits() {
        return CapabilityRegister.domainIdBits(cap);
    }

    int faultRecords() {
        return CapabilityRegister.faultRecords(cap);
    }

    long faultRecordOffset(int index) {
        return CapabilityRegister.faultRecordOffset(cap, index);
    }
}
