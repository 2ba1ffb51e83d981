package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.ForwardingMmio;
import dev.sva4j.conformance.forward.ForwardingDriverHost;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.Mmio;
import dev.sva4j.vendor.smmu.layout.QueueRegisters;

/** The flag of an overflow stays, and with it the end of all requests. */
final class NeverAcknowledgesOverflow extends Animal {
    NeverAcknowledgesOverflow(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/arm-smmu-v3: Acknowledge pri/event queue overflow if any\": the flag stayed, and nothing was queued any more")
                .fails("8.6 8.8");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return super.driver(sound, new ForwardingDriverHost(host) {
            @Override
            public Mmio registers() {
                return new ForwardingMmio(super.registers()) {
                    @Override
                    public void write32(long offset, int value) {
                        boolean consumer = offset == QueueRegisters.PRIQ_CONS.offset();
                        super.write32(offset, consumer ? (int) QueueRegisters.PRIQ_CONS_OVACKFLG.clear(value) : value);
                    }
                };
            }
        });
    }
}
