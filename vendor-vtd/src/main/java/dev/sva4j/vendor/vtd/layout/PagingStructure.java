package dev.sva4j.vendor.vtd.layout;

/**
 * Geometry that first-stage and second-stage page tables share (VT-d 3.6, 3.7): nine bits of the address a level. Level 0 is
 * the page table, 1 the page directory, up to 4 for the PML5.
 */
public final class PagingStructure {

    /** Level of page directories, the lowest that points to tables. */
    public static final int DIRECTORY = 1;

    /** Level of page-directory-pointer tables, the highest that has leaves. */
    public static final int DIRECTORY_POINTER = 2;

    private static final int LOG2_PAGE = 12;
    private static final int INDEX_BITS = 9;
    private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

    private PagingStructure() {}

    /** log2 of the bytes that an entry of this level covers. */
    public static int shift(int level) {
        return LOG2_PAGE + INDEX_BITS * level;
    }

    /** Bits of an address that so many levels translate. */
    public static int inputBits(int levels) {
        return shift(levels);
    }

    /** Where the entry for an address is in a table of this level. */
    public static long entryAddress(long table, long address, int level) {
        return table + (address >>> shift(level) & INDEX_MASK) * Long.BYTES;
    }

    /** Whether all bits above the translated ones equal the highest of them (VT-d 3.6). */
    public static boolean isCanonical(long address, int levels) {
        int above = Long.SIZE - inputBits(levels);
        return address << above >> above == address;
    }

    /** The address bits of a leaf of this level below its size; of a first-stage leaf, bit 12 is PAT. */
    public static long offsetBits(int level) {
        return (1L << shift(level)) - (1L << LOG2_PAGE);
    }
}
