package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriverHost;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;

/** Groups whose members were lost stay open. */
final class SwallowsOverflowOfRequests extends Animal {
    SwallowsOverflowOfRequests(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/vt-d: Clear PRQ overflow only when PRQ is empty\": groups went on as if nothing had been lost")
                .fails("8.8");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return super.driver(sound, new ForwardingDriverHost(host) {
            @Override
            public FaultSink faults() {
                return new ForwardingFaults(super.faults()) {
                    @Override
                    public void pageRequestsLost() {}
                };
            }
        });
    }
}
