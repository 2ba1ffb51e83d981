package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.Mmio;
import dev.sva4j.testing.FakeDriverHost;

/** A machine with nothing but the registers of one SMMU. */
final class FakeHost extends FakeDriverHost {
    final ScriptedSmmu smmu = new ScriptedSmmu(memory);

    FakeHost() {
        super("quiet-cd", 0xFEE0_0000L);
    }

    @Override
    public Mmio registers() {
        return smmu;
    }
}
