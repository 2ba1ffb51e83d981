package dev.sva4j.vendor.vtd.layout;

/** Where the entry of a PASID is (VT-d 3.4.3): a directory indexed by PASID[19:6] of tables indexed by PASID[5:0]. */
public final class PasidTable {

    /** Entries of one table. */
    public static final int ENTRIES = 64;

    /** Size of one table. */
    public static final int BYTES = 4096;

    private static final int LOG2_ENTRIES = 6;
    private static final int LOG2_SMALLEST_DIRECTORY = 7;

    private PasidTable() {}

    /** The smallest PDTS whose directory has an entry for every PASID of so many bits. */
    public static int pdts(int pasidBits) {
        return Math.max(0, pasidBits - LOG2_SMALLEST_DIRECTORY - LOG2_ENTRIES);
    }

    /** The largest PASID of so many bits; 0 for none. */
    public static int largest(int pasidBits) {
        return (1 << pasidBits) - 1;
    }

    /** Entries of a directory with this PDTS. */
    public static int directoryEntries(long pdts) {
        return 1 << (LOG2_SMALLEST_DIRECTORY + pdts);
    }

    /** Size of a directory with this PDTS. */
    public static int directoryBytes(long pdts) {
        return directoryEntries(pdts) * PasidDirectoryEntry.LAYOUT.bytes();
    }

    /** The largest PASID that a directory with this PDTS has an entry for. */
    public static int largestPasid(long pdts) {
        return directoryEntries(pdts) * ENTRIES - 1;
    }

    /** Index of a PASID into the directory. */
    public static int directoryIndex(int pasid) {
        return pasid >>> LOG2_ENTRIES;
    }

    /** Index of a PASID into its table. */
    public static int index(int pasid) {
        return pasid & (ENTRIES - 1);
    }

    /** The PASID of an entry. */
    public static int pasid(int directoryIndex, int index) {
        return directoryIndex << LOG2_ENTRIES | index;
    }

    /** Address of the directory entry of a PASID. */
    public static long directoryEntryAddress(long directory, int pasid) {
        return directory + (long) directoryIndex(pasid) * PasidDirectoryEntry.LAYOUT.bytes();
    }

    /** Address of the entry of a PASID in its table. */
    public static long entryAddress(long table, int pasid) {
        return table + (long) index(pasid) * PasidTableEntry.LAYOUT.bytes();
    }
}
