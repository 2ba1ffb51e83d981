package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;

/** Unbind is bookkeeping only. */
final class NeverClears extends Animal {
    NeverClears(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about("\"uacce: ensure safe queue release with state management\": released, and still in use")
                .fails("1.2 1.4 1.5 1.10 2.1 2.3 2.4 4.2 4.3 4.5 4.6 4.7 4.8 5.13 9.2")
                .mayFail("4.9 6.12 8.7", Plate.RACE);
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void clearPasid(int requester, int pasid) {}
        };
    }
}
