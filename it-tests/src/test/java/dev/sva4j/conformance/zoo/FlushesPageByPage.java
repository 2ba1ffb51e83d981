package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TranslationContext;

/** One command for each page, however many there are. */
final class FlushesPageByPage extends Animal {
    FlushesPageByPage(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/arm-smmu-v3: Fix soft lockup triggered by arm_smmu_mm_invalidate_range\": a command for each page of a huge range")
                .fails("7.5");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void invalidate(TranslationContext context, long start, long last, boolean tables) {
                long page = start;
                for (int i = 0; i < MANY && Long.compareUnsigned(page, last) < 0; i++) {
                    super.invalidate(context, page, page, tables);
                    page += PAGE_BYTES;
                }
                super.invalidate(context, start, last, tables);
            }
        };
    }

    private static final long PAGE_BYTES = 4096;

    /** More would only take longer. */
    private static final int MANY = 1_000;
}
