package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.pagetable.PageTableFormat;

/** A tag rests longer than it must. */
final class LeavesTagsOut extends Animal {
    LeavesTagsOut(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about("only every second cache tag is used");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public TranslationContext openContext(PageTableFormat format, long root) {
                super.closeContext(super.openContext(format, root));
                return super.openContext(format, root);
            }
        };
    }
}
