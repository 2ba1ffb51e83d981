package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;

/** Each unbind takes page requests from the whole device. */
final class DisablesWhatItDidNotEnable extends Animal {
    DisablesWhatItDidNotEnable(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/vt-d: Only handle IOPF for SVA when PRI is supported\": what bind had not enabled, unbind disabled")
                .fails("4.10");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void clearPasid(int requester, int pasid) {
                super.clearPasid(requester, pasid);
                super.setPageRequests(requester, false);
            }
        };
    }
}
