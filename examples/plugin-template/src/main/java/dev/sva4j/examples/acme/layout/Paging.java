package dev.sva4j.examples.acme.layout;

import dev.sva4j.spi.layout.BitField;

/** The shape of x86-64 tables of 4 levels; what is in an entry says {@link dev.sva4j.spi.pagetable.X86_64Layout}. */
public final class Paging {
    /** Level of the top table. Level 0 is the page table. */
    public static final int TOP = 3;
    /** The highest level at which an entry can be a leaf. */
    public static final int LARGEST_LEAF = 2;

    private static final int PAGE = 12;
    private static final int INDEX_BITS = 9;
    private static final BitField SIGN = BitField.of("address", "SIGN", 0, 63, 47, "all alike");
    private static final BitField OUTPUT =
            BitField.of("address", "OUTPUT", 0, 51, 0, "an address that memory can have");

    private Paging() {}

    /** Whether tables of 4 levels can translate an address. */
    public static boolean isCanonical(long address) {
        return SIGN.get(address) == 0 || SIGN.get(address) == SIGN.max();
    }

    /** Whether an address can be one of memory. */
    public static boolean isOutput(long address) {
        return OUTPUT.get(address) == address;
    }

    /** log2 of the bytes that an entry of this level covers. */
    public static int shift(int level) {
        return PAGE + INDEX_BITS * level;
    }

    /** Address of the entry that leads on to {@code address}. */
    public static long entryAddress(long table, long address, int level) {
        long index = (address >>> shift(level)) % (1 << INDEX_BITS);
        return table + index * Long.BYTES;
    }
}
