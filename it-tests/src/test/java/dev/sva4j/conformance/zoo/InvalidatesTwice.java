package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TranslationContext;

/** So is doing it again. */
final class InvalidatesTwice extends Animal {
    InvalidatesTwice(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about("every invalidation is done twice");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void invalidate(TranslationContext context, long start, long last, boolean tables) {
                super.invalidate(context, start, last, tables);
                super.invalidate(context, start, last, tables);
            }
        };
    }
}
