package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.TranslationContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A device whose process is gone is told to try again. */
final class AnswersStaleSuccess extends Animal {
    AnswersStaleSuccess(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "AMD `iommu_v2` before its removal: SUCCESS, to make the device try again, where nothing could succeed")
                .fails("6.8")
                .mayFail("4.8 4.9 6.11 6.12 8.7", Plate.RACE);
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        Set<List<Integer>> live = ConcurrentHashMap.newKeySet();
        return new ForwardingDriver(super.driver(sound, host)) {
            @Override
            public void setPasid(int requester, int pasid, TranslationContext context, boolean stall) {
                super.setPasid(requester, pasid, context, stall);
                live.add(List.of(requester, pasid));
            }

            @Override
            public void clearPasid(int requester, int pasid) {
                live.remove(List.of(requester, pasid));
                super.clearPasid(requester, pasid);
            }

            @Override
            public void respond(PageResponse response) {
                boolean stale = response.pasid() != Pasid.NONE
                        && !live.contains(List.of(response.requester(), response.pasid()));
                super.respond(stale ? success(response) : response);
            }
        };
    }

    private static PageResponse success(PageResponse to) {
        return new PageResponse(to.requester(), to.pasid(), to.group(), to.kind(), ResponseCode.SUCCESS);
    }
}
