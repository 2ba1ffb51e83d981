package dev.sva4j.conformance.zoo;

import dev.sva4j.api.FaultRecord;
import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.conformance.forward.ForwardingDriverHost;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One dead process, and the device is not heard any more. */
final class SilencesTheWholeDevice extends Animal {
    SilencesTheWholeDevice(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "the 2018 discussion of mm_exit: suppression of faults per device, where the third state is one of a PASID")
                .fails("2.1 2.5 5.2 5.3 5.6");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        Set<Integer> silent = ConcurrentHashMap.newKeySet();
        DriverHost filtered = new ForwardingDriverHost(host) {
            @Override
            public FaultSink faults() {
                return new ForwardingFaults(super.faults()) {
                    @Override
                    public void unrecoverable(FaultRecord fault) {
                        if (!silent.contains(fault.requester())) {
                            super.unrecoverable(fault);
                        }
                    }
                };
            }
        };
        return new ForwardingDriver(super.driver(sound, filtered)) {
            @Override
            public void quiescePasid(int requester, int pasid) {
                silent.add(requester);
                super.quiescePasid(requester, pasid);
            }

            @Override
            public void clearPasid(int requester, int pasid) {
                super.clearPasid(requester, pasid);
                silent.remove(requester);
            }
        };
    }
}
