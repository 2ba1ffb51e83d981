package dev.sva4j.core.bond;

import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;

/**
 * What the tables of an IOMMU say of one kind of requests of a device, as its driver half lets it be changed. A process
 * lives and dies behind either kind in the same way; only the words to the driver half differ.
 */
sealed interface BondEntry {
    /** PASID of the requests, or {@link Pasid#NONE}. */
    int pasid();

    /** Makes them translate. See {@link IommuDriver#setPasid}. */
    void set(TranslationContext context, boolean stall);

    /** Makes them silent. See {@link IommuDriver#quiescePasid}. */
    void quiesce();

    /** Empties the entry, live or quiesced. See {@link IommuDriver#clearPasid}. */
    void clear();

    /** Pushes page requests that were queued so far to where faults go. See {@link IommuDriver#drain}. */
    void drain();

    /** Requests with a PASID. */
    record Tagged(IommuDriver driver, int requester, int pasid) implements BondEntry {
        @Override
        public void set(TranslationContext context, boolean stall) {
            driver.setPasid(requester, pasid, context, stall);
        }

        @Override
        public void quiesce() {
            driver.quiescePasid(requester, pasid);
        }

        @Override
        public void clear() {
            driver.clearPasid(requester, pasid);
        }

        @Override
        public void drain() {
            driver.drain(requester, pasid);
        }

        @Override
        public String toString() {
            return "PASID " + pasid;
        }
    }

    /** Requests without a PASID. */
    record Untagged(IommuDriver driver, int requester) implements BondEntry {
        @Override
        public int pasid() {
            return Pasid.NONE;
        }

        @Override
        public void set(TranslationContext context, boolean stall) {
            driver.setUntagged(requester, UntaggedTraffic.translated(context, stall));
        }

        @Override
        public void quiesce() {
            driver.setUntagged(requester, UntaggedTraffic.QUIESCED);
        }

        @Override
        public void clear() {
            driver.setUntagged(requester, UntaggedTraffic.BLOCKED);
        }

        @Override
        public void drain() {
            driver.drain(requester, Pasid.NONE);
        }

        @Override
        public String toString() {
            return "untagged traffic";
        }
    }
}
