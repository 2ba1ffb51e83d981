package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.ForwardingMemory;
import dev.sva4j.conformance.ForwardingMmio;
import dev.sva4j.conformance.forward.ForwardingHardware;
import dev.sva4j.conformance.forward.ForwardingHardwareHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.vendor.vtd.layout.InvalidationQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Hardware without caching mode keeps entries that are not present. */
final class CachesWhatIsNotThere extends Animal {
    CachesWhatIsNotThere(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/vt-d: Remove caching mode check before device TLB flush\", the other way round: CAP.CM says 0 and is wrong")
                .fails("4.3 10.1 10.4");
    }

    @Override
    IommuHardware hardware(IommuVendor sound, HardwareHost host) {
        Set<Long> absent = ConcurrentHashMap.newKeySet();
        IommuHardware hardware = super.hardware(sound, new ForwardingHardwareHost(host) {
            @Override
            public PhysicalMemory memory() {
                return new ForwardingMemory(super.memory()) {
                    @Override
                    public long loadAcquire(long pa) {
                        if (absent.contains(pa)) {
                            return 0;
                        }
                        long value = super.loadAcquire(pa);
                        if (value == 0) {
                            absent.add(pa);
                        }
                        return value;
                    }
                };
            }
        });
        return new ForwardingHardware(hardware) {
            @Override
            public Mmio registers() {
                return new ForwardingMmio(super.registers()) {
                    @Override
                    public void write64(long offset, long value) {
                        if (offset == InvalidationQueue.IQT.offset()) {
                            absent.clear();
                        }
                        super.write64(offset, value);
                    }
                };
            }
        };
    }
}
