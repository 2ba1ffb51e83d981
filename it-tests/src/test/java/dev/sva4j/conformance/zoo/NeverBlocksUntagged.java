package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.UntaggedTraffic;

/** Untagged traffic goes on where it went. */
final class NeverBlocksUntagged extends Animal {
    NeverBlocksUntagged(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/vt-d: Drain PRQs when domain removed from RID\": what was done for PASIDs was forgotten for requests without")
                .fails("10.4 10.6");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void setUntagged(int requester, UntaggedTraffic traffic) {
                switch (traffic.mode()) {
                    case TRANSLATED, IDENTITY -> super.setUntagged(requester, traffic);
                    case BLOCKED, QUIESCED -> {}
                }
            }
        };
    }
}
