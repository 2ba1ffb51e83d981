package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.ForwardingMemory;
import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.conformance.forward.ForwardingDriverHost;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.vendor.vtd.layout.PasidTableEntry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The entry is emptied from behind, valid until the end. */
final class TearsDownWhilePresent extends Animal {
    TearsDownWhilePresent(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/vt-d: Clear Present bit before tearing down PASID entry\", CVE-2026-45945: hardware fetches an entry in pieces")
                .fails("2.4")
                .mayFail("2.5", Plate.RACE);
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        Call call = new Call();
        AtomicLong lastStore = new AtomicLong();
        DriverHost watched = new ForwardingDriverHost(host) {
            @Override
            public PhysicalMemory memory() {
                return new ForwardingMemory(super.memory()) {
                    @Override
                    public void storeRelease(long pa, long value) {
                        if (call.isActive()) {
                            lastStore.set(pa);
                        }
                        super.storeRelease(pa, value);
                    }
                };
            }
        };
        return new ForwardingDriver(super.driver(sound, watched)) {
            private final Map<List<Integer>, Long> entries = new ConcurrentHashMap<>();

            @Override
            public synchronized void setPasid(int requester, int pasid, TranslationContext context, boolean stall) {
                call.run(() -> super.setPasid(requester, pasid, context, stall));
                // Word 0, with P, comes last.
                entries.put(List.of(requester, pasid), lastStore.get());
            }

            @Override
            public void quiescePasid(int requester, int pasid) {
                empty(requester, pasid);
                super.quiescePasid(requester, pasid);
            }

            @Override
            public void clearPasid(int requester, int pasid) {
                empty(requester, pasid);
                super.clearPasid(requester, pasid);
            }

            private void empty(int requester, int pasid) {
                long entry = entries.get(List.of(requester, pasid));
                for (int word = PasidTableEntry.LAYOUT.words() - 1; word > 0; word--) {
                    host.memory().storeRelease(entry + (long) word * Long.BYTES, 0);
                }
            }
        };
    }
}
