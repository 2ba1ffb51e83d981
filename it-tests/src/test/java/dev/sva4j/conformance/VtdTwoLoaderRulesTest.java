package dev.sva4j.conformance;

import dev.sva4j.vendor.vtd.VtdVendor;

/** Intel VT-d keeps every rule when its halves have classes of their own. */
class VtdTwoLoaderRulesTest extends TwoLoaderRules {
    VtdTwoLoaderRulesTest() {
        super(VtdVendor.class);
    }
}
