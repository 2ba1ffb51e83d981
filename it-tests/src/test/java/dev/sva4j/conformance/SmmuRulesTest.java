package dev.sva4j.conformance;

import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.vendor.smmu.SmmuVendor;
import dev.sva4j.vendor.smmu.layout.Registers;

/** Arm SMMUv3 keeps every rule: with page requests, with ATS alone, stalling, and with pinned memory. */
class SmmuRulesTest implements AllRules {
    @Override
    public IommuVendor vendor() {
        return new SmmuVendor();
    }

    @Override
    public RegisterValues registers(Mmio registers) {
        return NamedRegisters.read(registers, Registers.ALL);
    }
}
