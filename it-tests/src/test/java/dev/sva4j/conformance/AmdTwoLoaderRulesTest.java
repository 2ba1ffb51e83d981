package dev.sva4j.conformance;

import dev.sva4j.vendor.amd.AmdVendor;

/** AMD-Vi keeps every rule when its halves have classes of their own. */
class AmdTwoLoaderRulesTest extends TwoLoaderRules {
    AmdTwoLoaderRulesTest() {
        super(AmdVendor.class);
    }
}
