package dev.sva4j.conformance;

import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.vendor.smmu.SmmuVendor;
import dev.sva4j.vendor.smmu.layout.Registers;

/** Arm SMMUv3 keeps every rule when its halves have classes of their own. */
class SmmuTwoLoaderRulesTest extends TwoLoaderRules {
    SmmuTwoLoaderRulesTest() {
        super(SmmuVendor.class);
    }

    @Override
    public RegisterValues registers(Mmio registers) {
        return NamedRegisters.read(registers, Registers.ALL);
    }
}
