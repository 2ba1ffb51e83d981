package dev.sva4j.vendor.amd.layout;

/**
 * Where the entry of a PASID is (AMD-Vi 2.2.6): one to three levels of tables with 512 entries. Level 0 holds guest
 * CR3 values; the top level is GLX.
 */
public final class Gcr3Table {

    /** Entries of one table. With GLX = 2 only the first four of the top table are used. */
    public static final int ENTRIES = 512;

    /** Size of one table. */
    public static final int BYTES = 4096;

    /** Bits of a PASID, however many the table could tell apart. */
    public static final int PASID_BITS = 20;

    private static final int LOG2_ENTRIES = 9;

    private Gcr3Table() {}

    /** The largest PASID that a table with this GLX has an entry for. */
    public static int largestPasid(int glx) {
        return (1 << Math.min(PASID_BITS, LOG2_ENTRIES * (glx + 1))) - 1;
    }

    /** The smallest GLX that has an entry for a PASID. */
    public static int glx(int pasid) {
        int glx = 0;
        while (pasid > largestPasid(glx)) {
            glx++;
        }
        return glx;
    }

    /** The largest PASID of so many bits. */
    public static int largestPasidOf(int pasidBits) {
        return (1 << pasidBits) - 1;
    }

    /** How many tables there can be at a level with this GLX. */
    public static int tables(int glx, int level) {
        return tableNumber(level, largestPasid(glx)) + 1;
    }

    /** Which of the tables of a level a PASID has its entry in. */
    public static int tableNumber(int level, int pasid) {
        return pasid >>> (LOG2_ENTRIES * (level + 1));
    }

    /** Index of a PASID into its table of a level. */
    public static int index(int level, int pasid) {
        return pasid >>> (LOG2_ENTRIES * level) & (ENTRIES - 1);
    }

    /** Address of the entry of a PASID in its table of a level. */
    public static long entryAddress(long table, int level, int pasid) {
        return table + (long) index(level, pasid) * Gcr3TableEntry.LAYOUT.bytes();
    }

    /** The first PASID of entry {@code index} in the table of a level that starts with PASID {@code first}. */
    public static int pasid(int first, int level, int index) {
        return first | index << (LOG2_ENTRIES * level);
    }
}
