package dev.sva4j.conformance;

import dev.sva4j.spi.IommuVendor;
import dev.sva4j.vendor.amd.AmdVendor;

/** AMD-Vi keeps every rule: with page requests, with ATS alone, and with pinned memory. Quiesced entries have a dummy root. */
class AmdRulesTest implements AllRules {
    @Override
    public IommuVendor vendor() {
        return new AmdVendor();
    }
}
