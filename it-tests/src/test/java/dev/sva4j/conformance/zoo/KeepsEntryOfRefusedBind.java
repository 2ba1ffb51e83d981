package dev.sva4j.conformance.zoo;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TranslationContext;

/** A bind that fails late leaves its entry. */
final class KeepsEntryOfRefusedBind extends Animal {
    KeepsEntryOfRefusedBind(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu: Undo pasid attachment only for the devices that have succeeded\": a roll-back that was not exact")
                .fails("9.7");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void setPasid(int requester, int pasid, TranslationContext context, boolean stall) {
                super.setPasid(requester, pasid, context, stall);
                long frame = host.frames().allocate(FrameAllocator.FRAME_SHIFT);
                if (frame == FrameAllocator.NO_FRAME) {
                    throw new SvaException(SvaError.NO_MEMORY, "no frame for what comes after the entry");
                }
                host.frames().free(frame, FrameAllocator.FRAME_SHIFT);
            }
        };
    }
}
