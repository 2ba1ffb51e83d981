package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TranslationContext;

/** Over-invalidation is always legal. */
final class InvalidatesEverything extends Animal {
    InvalidatesEverything(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about("every range becomes everything");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void invalidate(TranslationContext context, long start, long last, boolean tables) {
                super.invalidate(context, 0, -1, true);
            }
        };
    }
}
