package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.Pasid;

/**
 * An entry of a GCR3 table or a DTE that refers to a context, and so the caches that can hold translations of it.
 *
 * @param device whose entry
 * @param pasid which of its PASIDs, or {@link Pasid#NONE} for untagged traffic
 * @param context what it refers to
 */
record Bond(Device device, int pasid, AmdContext context) {
    /** The PASID as which requests without one are handled (DTE.GIoV). */
    static final int UNTAGGED_PASID = 0;

    static int entryOf(int pasid) {
        return pasid == Pasid.NONE ? UNTAGGED_PASID : pasid;
    }

    /** The PASID of the entry in the GCR3 table, by which caches are tagged. */
    int entry() {
        return entryOf(pasid);
    }
}
