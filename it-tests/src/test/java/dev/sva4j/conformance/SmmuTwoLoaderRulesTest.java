package dev.sva4j.conformance;

import dev.sva4j.vendor.smmu.SmmuVendor;

/** Arm SMMUv3 keeps every rule when its halves have classes of their own. */
class SmmuTwoLoaderRulesTest extends TwoLoaderRules {
    SmmuTwoLoaderRulesTest() {
        super(SmmuVendor.class);
    }
}
