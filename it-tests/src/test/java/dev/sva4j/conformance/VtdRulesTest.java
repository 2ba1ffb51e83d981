package dev.sva4j.conformance;

import dev.sva4j.spi.IommuVendor;
import dev.sva4j.vendor.vtd.VtdVendor;

/** Intel VT-d keeps every rule: with page requests, with ATS alone, and with pinned memory. */
class VtdRulesTest implements AllRules {
    @Override
    public IommuVendor vendor() {
        return new VtdVendor();
    }
}
