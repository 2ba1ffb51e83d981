package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.UntaggedTraffic;

/** Exit leaves the entry as it is. */
final class NeverQuiesces extends Animal {
    NeverQuiesces(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about("the 2018 discussion of mm_exit, policy B: the third state, left out")
                .fails("1.8 2.1 2.4 5.1 5.2 5.3 5.7 5.10")
                .fails(habitat() == Habitat.UNTAGGED_SMMU ? "" : "5.4 5.6 5.13 10.6")
                .mayFail("2.5 4.9 5.9 6.11 8.7", Plate.RACE);
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void quiescePasid(int requester, int pasid) {}

            @Override
            public void setUntagged(int requester, UntaggedTraffic traffic) {
                if (traffic.mode() != UntaggedTraffic.Mode.QUIESCED) {
                    super.setUntagged(requester, traffic);
                }
            }
        };
    }
}
