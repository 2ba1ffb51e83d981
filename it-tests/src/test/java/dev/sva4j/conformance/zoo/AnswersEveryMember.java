package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriverHost;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.PageRequest;

/** Each request counts as the last of its group. */
final class AnswersEveryMember extends Animal {
    AnswersEveryMember(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu: Track iopf group instead of last fault\": a group is what is answered, not a request")
                .fails("6.6 6.9 8.6 8.8");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return super.driver(sound, new ForwardingDriverHost(host) {
            @Override
            public FaultSink faults() {
                return new ForwardingFaults(super.faults()) {
                    @Override
                    public void pageRequest(PageRequest request) {
                        super.pageRequest(new PageRequest(
                                request.requester(),
                                request.pasid(),
                                request.address(),
                                request.read(),
                                request.write(),
                                request.execute(),
                                request.privileged(),
                                request.group(),
                                true,
                                request.kind()));
                    }
                };
            }
        });
    }
}
