package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.ForwardingMemory;
import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.conformance.forward.ForwardingDriverHost;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.TranslationContext;
import java.util.ArrayDeque;
import java.util.Deque;

/** The entry is valid before it is whole. */
final class PresentFirst extends Animal {
    PresentFirst(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/arm-smmu-v3: Put writing the context descriptor in the right order\": what says valid was stored before what it makes valid")
                .fails("2.3");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        Call call = new Call();
        Deque<Runnable> stores = new ArrayDeque<>();
        DriverHost reordered = new ForwardingDriverHost(host) {
            @Override
            public PhysicalMemory memory() {
                return new ForwardingMemory(super.memory()) {
                    @Override
                    public void storeRelease(long pa, long value) {
                        if (call.isActive()) {
                            stores.push(() -> super.storeRelease(pa, value));
                        } else {
                            super.storeRelease(pa, value);
                        }
                    }
                };
            }
        };
        return new ForwardingDriver(super.driver(sound, reordered)) {
            @Override
            public synchronized void setPasid(int requester, int pasid, TranslationContext context, boolean stall) {
                call.run(() -> super.setPasid(requester, pasid, context, stall));
                while (!stores.isEmpty()) {
                    stores.pop().run();
                }
            }
        };
    }
}
