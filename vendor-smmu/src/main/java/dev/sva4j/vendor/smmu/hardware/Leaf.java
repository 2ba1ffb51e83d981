package dev.sva4j.vendor.smmu.hardware;

import dev.sva4j.spi.layout.BitField;

/**
 * A finished stage 1 translation in one {@code long}, not negative: where a leaf leads, how big it is and what it
 * allows. It is what a walk returns, what the TLB holds and what {@link Translator} answers. The model's own format,
 * not the manual's.
 */
final class Leaf {
    private static final String LEAF = "leaf";

    /** What it allows: bits of {@link Permissions}. */
    private static final BitField RIGHTS = BitField.of(LEAF, "rights", 0, 5, 0, "bits of Permissions");

    private static final BitField GLOBAL = BitField.bit(LEAF, "global", 0, 6, "not tagged with an ASID");
    private static final BitField OUTPUT =
            BitField.address(LEAF, "output", 0, 51, 12, "output address of the first byte");
    private static final BitField SHIFT = BitField.of(LEAF, "shift", 0, 57, 52, "log2 of the bytes");

    private Leaf() {}

    static long of(long output, int shift, int rights, boolean global) {
        return OUTPUT.encodeAddress(output) | SHIFT.encode(shift) | RIGHTS.encode(rights) | GLOBAL.encode(global);
    }

    /** A last-level table, for the walk cache: what it translates, and what the tables above it take away. */
    static long ofTable(long table, int shift, int restrictions) {
        return of(table, shift, restrictions, false);
    }

    /** What the tables above a {@linkplain #ofTable table} take away. */
    static int restrictions(long table) {
        return rights(table);
    }

    /** A page that leads to itself and allows everything that is asked for: bypass. */
    static long identity(long address) {
        int pageShift = OUTPUT.lo();
        return of(OUTPUT.getAddress(address), pageShift, Permissions.ALL, false);
    }

    /** Whether it allows everything in {@code need}. */
    static boolean allows(long leaf, int need) {
        return (rights(leaf) & need) == need;
    }

    static int rights(long leaf) {
        return (int) RIGHTS.get(leaf);
    }

    static boolean isGlobal(long leaf) {
        return GLOBAL.isSet(leaf);
    }

    /** log2 of its bytes. */
    static int shift(long leaf) {
        return (int) SHIFT.get(leaf);
    }

    /** Output address of its first byte. */
    static long base(long leaf) {
        return OUTPUT.getAddress(leaf);
    }

    /** Output address of the byte at {@code address}, which it translates. */
    static long output(long leaf, long address) {
        return base(leaf) + offset(address, shift(leaf));
    }

    /** The part of {@code address} within an aligned block of {@code 1 << shift} bytes. */
    static long offset(long address, int shift) {
        return address & ((1L << shift) - 1);
    }
}
