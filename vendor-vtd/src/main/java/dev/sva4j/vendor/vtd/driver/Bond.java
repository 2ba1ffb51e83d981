package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.Pasid;

/**
 * A PASID table entry that refers to a context, and so the caches that can hold translations of it.
 *
 * @param device whose entry
 * @param pasid which of its PASIDs, or {@link Pasid#NONE} for untagged traffic
 * @param context what it refers to
 */
record Bond(Device device, int pasid, VtdContext context) {
    /**
     * RID_PASID, the PASID whose entry serves requests without PASID (VT-d 9.4): 0, which is also what hardware without
     * ECAP.RPS takes.
     */
    static final int RID_PASID = 0;

    static int entryOf(int pasid) {
        return pasid == Pasid.NONE ? RID_PASID : pasid;
    }

    /** The PASID of the entry, by which caches are tagged. */
    int entry() {
        return entryOf(pasid);
    }
}
