package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TranslationContext;

/** Leaves go from the caches, tables do not. */
final class KeepsWalkerCaches extends Animal {
    KeepsWalkerCaches(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/sva: invalidate stale IOTLB entries for kernel address space\": walker caches kept tables that had been freed")
                .fails("3.11");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void invalidate(TranslationContext context, long start, long last, boolean tables) {
                super.invalidate(context, start, last, false);
            }
        };
    }
}
