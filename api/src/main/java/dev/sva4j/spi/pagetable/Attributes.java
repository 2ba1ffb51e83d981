package dev.sva4j.spi.pagetable;

import org.apiguardian.api.API;

/**
 * Everything but the address that a leaf says, as a set of bits in an {@code int}: {@link Rights} in the low four bits,
 * and the states below. Memory types are no attribute: they are a parameter of a format, because a process has but one.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class Attributes {
    /**
     * The memory has been accessed through this leaf. x86: A. Arm: AF; without it an access faults or hardware sets it.
     */
    public static final int ACCESSED = 1 << 4;

    /** The memory may have been written through this leaf. Formats that cannot tell say so for every writable leaf. */
    public static final int DIRTY = 1 << 5;

    /** The translation is the same in all address spaces. x86: G. Arm: nG = 0. Never set for a process. */
    public static final int GLOBAL = 1 << 6;

    /** All that are known. Bits from 16 upwards are left to formats for attributes of their own. */
    public static final int ALL = Rights.ALL | ACCESSED | DIRTY | GLOBAL;

    private Attributes() {}

    /**
     * The attributes with which an operating system installs a page on a fault, or that a driver maps ahead: accessed,
     * and dirty if it may be written. So no access needs an update of the entry. Linux does the same, because whoever
     * asks for a page is about to use it, and a private page that becomes writable does so for a write.
     *
     * <p>A page whose first access or first write is to be seen is mapped with its rights alone.
     *
     * @param rights {@link Rights} bits
     */
    public static int installed(int rights) {
        return rights | ACCESSED | ((rights & Rights.WRITE) != 0 ? DIRTY : 0);
    }

    /** Letters for the attributes in the order {@code rwxuadg}, {@code -} for a missing one. */
    public static String toString(int attributes) {
        return Rights.toString(attributes)
                + ((attributes & ACCESSED) != 0 ? 'a' : '-')
                + ((attributes & DIRTY) != 0 ? 'd' : '-')
                + ((attributes & GLOBAL) != 0 ? 'g' : '-');
    }

    /** Refuses attributes that a format cannot write; for implementations of {@link PageTableFormat#leafEntry}. */
    public static void check(PageTableFormat format, int attributes, int supported, int required) {
        if ((attributes & ~supported) != 0 || (attributes & required) != required) {
            throw new IllegalArgumentException(
                    format.name() + " has no leaf with attributes " + toString(attributes) + " (0x"
                            + Integer.toHexString(attributes) + "): it needs " + toString(required) + " and knows "
                            + toString(supported));
        }
    }
}
