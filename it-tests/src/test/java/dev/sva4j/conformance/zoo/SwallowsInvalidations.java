package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TranslationContext;

/** Nobody tells it of changed mappings. */
final class SwallowsInvalidations extends Animal {
    SwallowsInvalidations(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"mmu_notifiers: call invalidate_range() when invalidating TLBs\": changes came without a call")
                .fails("1.7 3.4 3.5 3.6 3.7 3.8 3.9 3.10 3.11 3.12 4.5 6.5 7.1 7.2 7.3 7.4 7.5 7.6 8.2 10.3 10.5")
                .fails(habitat() == Habitat.UNTAGGED_SMMU ? "" : "1.6 10.8")
                .mayFail("6.13 8.7", Plate.RACE);
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void invalidate(TranslationContext context, long start, long last, boolean tables) {}
        };
    }
}
