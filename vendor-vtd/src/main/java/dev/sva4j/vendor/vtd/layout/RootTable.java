package dev.sva4j.vendor.vtd.layout;

/**
 * Where the entries of a requester are (VT-d 3.4.2, 3.4.3).
 *
 * <p>In scalable mode a context entry is twice as long and a context table holds half a bus: a root entry has one pointer for
 * devices 0 to 15 and one for devices 16 to 31.
 */
public final class RootTable {

    /** Root entries, one a bus. */
    public static final int ENTRIES = 256;

    /** Entries of a context table in legacy mode, one a function. */
    public static final int LEGACY_CONTEXT_ENTRIES = 256;

    /** Entries of a context table in scalable mode. */
    public static final int SCALABLE_CONTEXT_ENTRIES = 128;

    /** Size of a root table and of a context table of either mode. */
    public static final int BYTES = 4096;

    private RootTable() {}

    /** Address of the root entry, which has the same size in both modes. */
    public static long entryAddress(long rootTable, long sid) {
        return rootTable + (long) RequesterId.bus(sid) * ScalableRootEntry.LAYOUT.bytes();
    }

    /** Address of a legacy context entry in the table of its bus. */
    public static long legacyContextAddress(long contextTable, long sid) {
        return contextTable + (long) RequesterId.devfn(sid) * LegacyContextEntry.LAYOUT.bytes();
    }

    /** Whether the requester is in the upper context table of its bus. */
    public static boolean isUpper(long sid) {
        return RequesterId.devfn(sid) >= SCALABLE_CONTEXT_ENTRIES;
    }

    /** Address of a scalable context entry in the half of its bus. */
    public static long scalableContextAddress(long contextTable, long sid) {
        return contextTable
                + (long) (RequesterId.devfn(sid) & (SCALABLE_CONTEXT_ENTRIES - 1))
                        * ScalableContextEntry.LAYOUT.bytes();
    }
}
