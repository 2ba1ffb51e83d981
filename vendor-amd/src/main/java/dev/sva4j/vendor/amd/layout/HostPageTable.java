package dev.sva4j.vendor.amd.layout;

/**
 * Where the entry of an address is in host (v1) page tables (AMD-Vi 2.2.3). Levels are the manual's, 1 to 6; DTE.Mode
 * is the top one. Addresses are not sign-extended: level 6 has the 7 bits that are left of 64.
 */
public final class HostPageTable {

    /** Entries of one table. Of level 6 only the first 128 are used. */
    public static final int ENTRIES = 512;

    /** The level above has only entries that point to tables. */
    public static final int LARGEST_LEAF_LEVEL = 5;

    private static final int LOG2_PAGE = 12;
    private static final int LOG2_ENTRIES = 9;
    private static final int ENTRY_BYTES = 8;

    private HostPageTable() {}

    /** log2 of what one entry of a level covers, which is the default size of its leaves. */
    public static int log2EntrySize(int level) {
        return LOG2_PAGE + LOG2_ENTRIES * (level - 1);
    }

    /** log2 of what a whole table of a level covers. */
    public static int log2TableSize(int level) {
        return Math.min(log2EntrySize(level + 1), Long.SIZE);
    }

    /** Index of an address into its table of a level. */
    public static int index(int level, long iova) {
        return (int) (iova >>> log2EntrySize(level)) & (ENTRIES - 1);
    }

    /** Address of the entry of an address in its table of a level. */
    public static long entryAddress(long table, int level, long iova) {
        return table + (long) index(level, iova) * ENTRY_BYTES;
    }

    /** Whether a table of this level reaches an address at all: no bit above is 1. {@code level} is the Mode. */
    public static boolean reaches(int level, long iova) {
        int size = log2TableSize(level);
        return size == Long.SIZE || iova >>> size == 0;
    }

    /**
     * Whether the address bits of the levels between an entry and the table it points to are 0, as they have to be.
     *
     * @param level of the entry
     * @param nextLevel of the table
     */
    public static boolean skipsZerosOnly(int level, int nextLevel, long iova) {
        long within = iova & ((1L << log2EntrySize(level)) - 1);
        return within >>> log2TableSize(nextLevel) == 0;
    }
}
