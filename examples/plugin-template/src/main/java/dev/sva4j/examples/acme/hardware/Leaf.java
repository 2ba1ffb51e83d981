package dev.sva4j.examples.acme.hardware;

import static dev.sva4j.spi.pagetable.X86_64Layout.RW;
import static dev.sva4j.spi.pagetable.X86_64Layout.US;
import static dev.sva4j.spi.pagetable.X86_64Layout.XD;

import dev.sva4j.spi.Operation;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.SizedAddress;

/** A finished translation in one {@code long} that is not negative: what a walk returns and the IOTLB holds. */
final class Leaf {
    private static final String LEAF = "leaf";
    private static final BitField WRITABLE = BitField.bit(LEAF, "writable", 0, 0, "R/W on every level");
    private static final BitField USER = BitField.bit(LEAF, "user", 0, 1, "U/S on every level");
    private static final BitField EXECUTABLE = BitField.bit(LEAF, "executable", 0, 2, "XD on no level");
    private static final BitField DIRTY = BitField.bit(LEAF, "dirty", 0, 3, "D is set");
    private static final BitField OUTPUT = BitField.address(LEAF, "output", 0, 51, 12, "first byte");
    private static final BitField SHIFT = BitField.of(LEAF, "shift", 0, 57, 52, "log2 of the bytes");
    private static final int PAGE = 12;

    /** What is left of all rights before any level has taken some. */
    static final long UNRESTRICTED = USER.encode(true) | WRITABLE.encode(true) | EXECUTABLE.encode(true);

    private Leaf() {}

    /** The rights that are left below a paging entry. */
    static long restrict(long rights, long entry) {
        long left = RW.isSet(entry) ? rights : WRITABLE.clear(rights);
        left = US.isSet(entry) ? left : USER.clear(left);
        return XD.isSet(entry) ? EXECUTABLE.clear(left) : left;
    }

    static long of(long output, int shift, long rights, boolean dirty) {
        return rights
                | OUTPUT.encodeAddress(SizedAddress.base(output, shift))
                | SHIFT.encode(shift)
                | DIRTY.encode(dirty);
    }

    /** The page leads to itself. */
    static long identity(long address) {
        return of(address, PAGE, UNRESTRICTED, true);
    }

    /** Requests have no privileges: all need U/S. */
    static boolean allows(long leaf, Operation operation) {
        return USER.isSet(leaf)
                && (WRITABLE.isSet(leaf) || !operation.writes())
                && (EXECUTABLE.isSet(leaf) || operation != Operation.EXECUTE);
    }

    static boolean isDirty(long leaf) {
        return DIRTY.isSet(leaf);
    }

    static int shift(long leaf) {
        return (int) SHIFT.get(leaf);
    }

    /** Where a byte leads that the leaf translates. */
    static long output(long leaf, long address) {
        return OUTPUT.getAddress(leaf) + (address - SizedAddress.base(address, shift(leaf)));
    }
}
