package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.ForwardingMemory;
import dev.sva4j.conformance.forward.ForwardingHardwareHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.vendor.vtd.layout.PasidTableEntry;

/** Hardware records what it was told not to. */
final class IgnoresQuiet extends Animal {
    IgnoresQuiet(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about("the 2018 discussion of mm_exit: hardware that cannot be silenced per PASID")
                .fails("5.3");
    }

    @Override
    IommuHardware hardware(IommuVendor sound, HardwareHost host) {
        return super.hardware(sound, new ForwardingHardwareHost(host) {
            @Override
            public PhysicalMemory memory() {
                return new ForwardingMemory(super.memory()) {
                    @Override
                    public long loadAcquire(long pa) {
                        long value = super.loadAcquire(pa);
                        return value == QUIET ? 0 : value;
                    }
                };
            }
        });
    }

    /** Word 0 of an entry that says nothing but that it is silent. */
    private static final long QUIET = PasidTableEntry.FPD.encode(true);
}
