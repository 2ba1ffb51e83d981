package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.ResponseCode;

/** A user error shuts the page requests of the device down. */
final class AnswersFailure extends Animal {
    AnswersFailure(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/vt-d: Use INVALID response code instead of FAILURE\": one bad address of a user ended the page requests of the device")
                .fails("5.5 6.3 6.8 6.9 6.10");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void respond(PageResponse response) {
                super.respond(response.code() == ResponseCode.SUCCESS ? response : failure(response));
            }
        };
    }

    private static PageResponse failure(PageResponse to) {
        return new PageResponse(to.requester(), to.pasid(), to.group(), to.kind(), ResponseCode.FAILURE);
    }
}
