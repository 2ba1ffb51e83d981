package dev.sva4j.conformance;

import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.vendor.vtd.VtdVendor;
import dev.sva4j.vendor.vtd.layout.Registers;

/** Intel VT-d keeps every rule when its halves have classes of their own. */
class VtdTwoLoaderRulesTest extends TwoLoaderRules {
    VtdTwoLoaderRulesTest() {
        super(VtdVendor.class);
    }

    @Override
    public RegisterValues registers(Mmio registers) {
        return NamedRegisters.read(registers, Registers.ALL);
    }
}
