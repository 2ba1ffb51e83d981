package dev.sva4j.core.bond;

import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.unit.IommuUnit;
import dev.sva4j.spi.IommuCapabilities;

/** What device and IOMMU must be able to do for a driver's wishes; each check names the first thing that is missing. */
final class Conditions {
    private final DeviceSpec spec;
    private final IommuUnit unit;

    Conditions(DeviceSpec spec, IommuUnit unit) {
        this.spec = spec;
        this.unit = unit;
    }

    /**
     * Checks everything that {@code options} ask for.
     *
     * @return the PASIDs that can be used
     */
    PasidRange check(DeviceOptions options) {
        unit.checkProcessFormat();
        for (DeviceFeature feature : DeviceFeature.values()) {
            if (options.features().contains(feature)) {
                check(feature);
            }
        }
        int width = Math.min(spec.pasidBits(), unit.capabilities().pasidBits());
        if (width == 0) {
            if (options.features().contains(DeviceFeature.NO_PASID)) {
                return PasidRange.EMPTY;
            }
            requirePasids();
        }
        return options.pasids().intersect(new PasidRange(1, (1 << width) - 1));
    }

    private void check(DeviceFeature feature) {
        switch (feature) {
            case PAGE_FAULTS -> requirePageFaults();
            case PRIVATE_PASID -> {
                requirePasids();
                unit.driver().domainFormat(true);
            }
            case NO_PASID -> requireUntaggedProcesses();
        }
    }

    /** Requests with a PASID, on both sides. */
    void requirePasids() {
        if (spec.pasidBits() == 0) {
            throw unsupported("it has no PASID capability; initialise it with NO_PASID and use bindUntagged");
        }
        if (unit.capabilities().pasidBits() == 0) {
            throw unsupported(unit.name() + " takes no PASIDs; initialise it with NO_PASID and use bindUntagged");
        }
    }

    private void requirePageFaults() {
        if (!spec.hasRecoverableFaults()) {
            throw unsupported("page faults need PRI or stall, and it has neither; initialise it without PAGE_FAULTS");
        }
        if (spec.pageRequestCredit() > 0 && !has(IommuCapabilities.Feature.PRI)) {
            throw unsupported(unit.name() + " has no page-request queue");
        }
        if (spec.stall() && !has(IommuCapabilities.Feature.STALL)) {
            throw unsupported(unit.name() + " cannot stall");
        }
    }

    private void requireUntaggedProcesses() {
        if (!has(IommuCapabilities.Feature.UNTAGGED_PROCESS)) {
            throw unsupported(unit.name() + " cannot walk the tables of a process for requests without a PASID; "
                    + "initialise it without NO_PASID");
        }
    }

    private boolean has(IommuCapabilities.Feature feature) {
        return unit.capabilities().has(feature);
    }

    /** A refusal. */
    SvaException unsupported(String why) {
        return new SvaException(SvaError.UNSUPPORTED, "device " + spec.name() + " cannot do SVA: " + why);
    }
}
