package dev.sva4j.spi.hardware;

import dev.sva4j.spi.layout.BitField;
import org.apiguardian.api.API;

/**
 * A finished translation in one {@code long}, not negative: where a leaf leads, how big it is, what the levels of its
 * tables together allow and whether it is marked dirty. It is what a walk of x86-64 tables, or of tables like those, returns,
 * what a TLB holds, and what is answered, so that a hit allocates nothing. The format of a model, not of a manual.
 *
 * @since 0.2.0
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.2.0")
public final class Leaf {
    private static final String LEAF = "leaf";

    /** Reading is allowed. */
    public static final BitField READABLE = BitField.bit(LEAF, "readable", 0, 0, "reading is allowed on every level");
    /** Writing is allowed. */
    public static final BitField WRITABLE = BitField.bit(LEAF, "writable", 0, 1, "writing is allowed on every level");
    /** Unprivileged requests are allowed. */
    public static final BitField USER =
            BitField.bit(LEAF, "user", 0, 2, "unprivileged requests are allowed on every level");
    /** Executing is allowed. */
    public static final BitField EXECUTABLE =
            BitField.bit(LEAF, "executable", 0, 3, "executing is forbidden on no level");
    /** The entry is marked dirty, or nobody wants to know. */
    public static final BitField DIRTY = BitField.bit(LEAF, "dirty", 0, 4, "D is set, or nobody wants to know");

    /** Bits of an address that a leaf can lead to. */
    public static final int OUTPUT_BITS = 52;

    private static final BitField OUTPUT = BitField.address(LEAF, "output", 0, 51, 12, "address of the first byte");
    private static final BitField SHIFT = BitField.of(LEAF, "shift", 0, 57, 52, "log2 of the bytes");

    /** What can be done with memory that is not protected. */
    public static final long EVERYTHING =
            READABLE.mask() | WRITABLE.mask() | USER.mask() | EXECUTABLE.mask() | DIRTY.mask();

    private static final int PAGE_SHIFT = 12;

    private Leaf() {}

    /** A leaf, or a last-level table and what the tables above it allow. */
    public static long of(long output, int shift, long flags) {
        return OUTPUT.encodeAddress(output) | SHIFT.encode(shift) | flags;
    }

    /** A page that leads to itself. Nothing is decoded beyond 52 bits. */
    public static long identity(long address) {
        return of(OUTPUT.getAddress(address), PAGE_SHIFT, EVERYTHING);
    }

    /** Whether {@link #identity} leads to an address. */
    public static boolean reaches(long address) {
        return address >= 0 && address <= OUTPUT.mask() + offset(-1, PAGE_SHIFT);
    }

    /** The flags of a leaf, without where it leads. */
    public static long flags(long leaf) {
        return leaf & EVERYTHING;
    }

    /** log2 of its bytes. */
    public static int shift(long leaf) {
        return (int) SHIFT.get(leaf);
    }

    /** Address of its first byte. */
    public static long base(long leaf) {
        return OUTPUT.getAddress(leaf);
    }

    /** Where the byte at {@code address}, which it translates, leads. */
    public static long output(long leaf, long address) {
        return base(leaf) + offset(address, shift(leaf));
    }

    /** The part of {@code address} within an aligned block of {@code 1 << shift} bytes. */
    public static long offset(long address, int shift) {
        return address & ((1L << shift) - 1);
    }

    /** The smaller of two leaves, of which the second translates the output of the first, with what both allow. */
    public static long nested(long guest, long host, long guestAddress) {
        int shift = Math.min(shift(guest), shift(host));
        long output = output(host, output(guest, guestAddress));
        return of(output - offset(output, shift), shift, flags(guest) & flags(host));
    }
}
