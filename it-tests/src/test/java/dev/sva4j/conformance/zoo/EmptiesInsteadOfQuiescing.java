package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A dead process looks like none. */
final class EmptiesInsteadOfQuiescing extends Animal {
    EmptiesInsteadOfQuiescing(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "the 2018 discussion of mm_exit: an empty entry in the third state has every access recorded as a fault")
                .fails("2.1 2.4 5.3 5.4");
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        return new ForwardingDriver(super.driver(sound, host)) {
            private final Set<List<Integer>> cleared = ConcurrentHashMap.newKeySet();

            @Override
            public void quiescePasid(int requester, int pasid) {
                super.clearPasid(requester, pasid);
                cleared.add(List.of(requester, pasid));
            }

            @Override
            public void clearPasid(int requester, int pasid) {
                if (!cleared.remove(List.of(requester, pasid))) {
                    super.clearPasid(requester, pasid);
                }
            }
        };
    }
}
