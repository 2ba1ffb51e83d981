package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingHardware;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;

/** Devices may take their time. */
final class AnswersLate extends Animal {
    AnswersLate(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about("the answer to an ATC invalidation comes on a task of its own");
    }

    @Override
    IommuHardware hardware(IommuVendor sound, HardwareHost host) {
        return new ForwardingHardware(super.hardware(sound, host)) {
            @Override
            public void atcInvalidationComplete(int requester, int tag) {
                host.scheduler().spawn("answer", () -> super.atcInvalidationComplete(requester, tag));
            }
        };
    }
}
