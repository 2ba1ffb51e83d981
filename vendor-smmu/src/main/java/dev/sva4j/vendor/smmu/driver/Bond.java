package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.Pasid;

/**
 * A CD that refers to a context, and so the caches that can hold translations of it.
 *
 * @param device whose CD
 * @param pasid which of its CDs, or {@link Pasid#NONE} for the one that serves untagged traffic
 * @param context what it refers to
 */
record Bond(Device device, int pasid, SmmuContext context) {
    /** Untagged traffic is served by CD 0. */
    static int substreamOf(int pasid) {
        return pasid == Pasid.NONE ? 0 : pasid;
    }

    int substream() {
        return substreamOf(pasid);
    }
}
