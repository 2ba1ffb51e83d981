package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.ForwardingMmio;
import dev.sva4j.conformance.forward.ForwardingDriverHost;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.Mmio;
import dev.sva4j.vendor.vtd.layout.PageRequestQueueRegisters;

/** The flag goes while lost and whole groups are still mixed in the queue. */
final class ClearsOverflowAtOnce extends Animal {
    ClearsOverflowAtOnce(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/vt-d: Clear PRQ overflow only when PRQ is empty\": requests of damaged groups were still queued")
                .fails("8.8");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return super.driver(sound, new ForwardingDriverHost(host) {
            @Override
            public Mmio registers() {
                return new ForwardingMmio(super.registers()) {
                    @Override
                    public int read32(long offset) {
                        int value = super.read32(offset);
                        if (offset == PageRequestQueueRegisters.PRS.offset()
                                && PageRequestQueueRegisters.PRO.isSet(value)) {
                            super.write32(offset, (int) PageRequestQueueRegisters.PRO.encode(true));
                            return (int) PageRequestQueueRegisters.PRO.clear(value);
                        }
                        return value;
                    }
                };
            }
        });
    }
}
