package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TranslationContext;

/** The start was rounded down, the number of pages stayed. */
final class CountsOnePageShort extends Animal {
    CountsOnePageShort(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/vt-d: Fix aligned pages in calculate_psi_aligned_address()\": the start was aligned anew, the number of pages was not")
                .fails("7.1 7.2");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void invalidate(TranslationContext context, long start, long last, boolean tables) {
                long shorter = last - PAGE_BYTES;
                super.invalidate(context, start, Long.compareUnsigned(shorter, start) > 0 ? shorter : last, tables);
            }
        };
    }

    private static final long PAGE_BYTES = 4096;
}
