package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TranslationContext;

/** First and last became start and end once too often. */
final class CountsOneByteShort extends Animal {
    CountsOneByteShort(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/arm-smmu-v3: Fix size calculation in arm_smmu_mm_invalidate_range()\": the end of a range was taken for its last byte")
                .fails("7.2");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void invalidate(TranslationContext context, long start, long last, boolean tables) {
                super.invalidate(context, start, last == start ? last : last - 1, tables);
            }
        };
    }
}
