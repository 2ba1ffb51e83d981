package dev.sva4j.conformance;

import dev.sva4j.spi.IommuVendor;
import dev.sva4j.vendor.smmu.SmmuVendor;

/** Arm SMMUv3 keeps every rule: with page requests, with ATS alone, stalling, and with pinned memory. */
class SmmuRulesTest implements AllRules {
    @Override
    public IommuVendor vendor() {
        return new SmmuVendor();
    }
}
