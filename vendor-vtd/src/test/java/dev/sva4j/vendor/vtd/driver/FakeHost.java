package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.Mmio;
import dev.sva4j.testing.FakeDriverHost;

/** A machine with nothing but the registers of one remapping unit. */
final class FakeHost extends FakeDriverHost {
    static final int FAULT = 0;
    static final int PAGE_REQUEST = 1;

    final ScriptedVtd vtd = new ScriptedVtd(memory);

    FakeHost() {
        super("p0-fpd", 0x1_FEE0_0000L);
    }

    @Override
    public Mmio registers() {
        return vtd;
    }
}
