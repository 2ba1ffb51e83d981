package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.PageResponse;

/** Two answers to each group. */
final class AnswersTwice extends Animal {
    AnswersTwice(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about("\"iommu: Track iopf group instead of last fault\": nobody knew who answers, so two did")
                .fails("5.5 6.6 6.8 6.9")
                .mayFail("6.7 8.8", Plate.RACE);
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void respond(PageResponse response) {
                super.respond(response);
                super.respond(response);
            }
        };
    }
}
