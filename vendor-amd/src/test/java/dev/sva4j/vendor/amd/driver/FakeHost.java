package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.Mmio;
import dev.sva4j.testing.FakeDriverHost;

/** A machine with nothing but the registers of one IOMMU. */
final class FakeHost extends FakeDriverHost {
    static final int LINE = 0;

    final ScriptedAmd amd = new ScriptedAmd(memory);

    FakeHost(String quiesceStrategy) {
        super(quiesceStrategy, 0x1_FEE0_0000L);
    }

    @Override
    public Mmio registers() {
        return amd;
    }
}
