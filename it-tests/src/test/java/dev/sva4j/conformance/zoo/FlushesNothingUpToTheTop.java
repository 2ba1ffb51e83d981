package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TranslationContext;

/** An end that is rounded up at the top of the address space is zero. */
final class FlushesNothingUpToTheTop extends Animal {
    FlushesNothingUpToTheTop(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/vt-d: Fix incorrect cache invalidation for mm notification\": the end of everything overflowed, and nothing was left to flush")
                .fails("7.4 7.6");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void invalidate(TranslationContext context, long start, long last, boolean tables) {
                if (last != -1) {
                    super.invalidate(context, start, last, tables);
                }
            }
        };
    }
}
