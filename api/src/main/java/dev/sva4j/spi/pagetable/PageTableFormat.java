package dev.sva4j.spi.pagetable;

import org.apiguardian.api.API;

/**
 * One format of page tables: its geometry as data, and what the bits of an entry say.
 *
 * <p>Entries are plain {@code long} values in the CPU's order. No function allocates, reads memory or checks more than
 * it says, so walkers of every kind can be built on them. {@code level} is 0 … {@link #levels()} − 1, 0 for the level
 * that has only leaves.
 *
 * <p>Implementations are immutable and thread-safe. For every format and level these laws hold; the test class
 * {@code PageTableFormatLawsTest} checks them:
 * <ul>
 *   <li>the entry 0 is not present;
 *   <li>the index bits of all levels and the page offset cover each va bit once;
 *   <li>all tables but the top one have the same size;
 *   <li>{@code tableAddress(tableEntry(t)) == t}, {@code leafAddress(leafEntry(oa, a)) == oa};
 *   <li>{@code withAttributes(e, leafAttributes(e)) == e} for every leaf {@code e} that {@link #leafEntry} has made;
 *   <li>attributes that {@link #leafEntry} accepts at one level it accepts at every level that can be a leaf.
 * </ul>
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public interface PageTableFormat {

    // Geometry.

    /** A name for messages and print-outs, parameters included. */
    String name();

    /** Number of levels, 1 … 6. */
    int levels();

    /** The lowest va bit of this level's index; log2 of the bytes that one entry covers. */
    int indexShift(int level);

    /** Number of va bits of this level's index. The top level's may be fewer or more than the others'. */
    int indexBits(int level);

    /** Bits of a va that the tables translate, up to 64. */
    int vaBits();

    /**
     * Whether a va is sign-extended from its highest translated bit, so that there is a high half (x86), or
     * zero-extended.
     *
     * <p>A process lives in the low half in either case: {@code 0 …} {@link #lowLast()}.
     */
    boolean signExtended();

    /** Bits of an output address, up to 64. Entries with an address beyond are not present to software. */
    int oaBits();

    /** Whether an entry of this level can be a leaf. True for level 0. */
    boolean canBeLeaf(int level);

    /** log2 of the bytes of a table, which is also its alignment. */
    default int tableShift(int level) {
        return indexBits(level) + 3;
    }

    /** The level where a walk starts. */
    default int topLevel() {
        return levels() - 1;
    }

    /** log2 of the bytes of the smallest leaf. */
    default int pageShift() {
        return indexShift(0);
    }

    /** Index of {@code va} in its table of this level. */
    default int index(int level, long va) {
        return (int) ((va >>> indexShift(level)) & Bits.low(indexBits(level)));
    }

    /** The highest va of the low half, or of all if there is only one. */
    default long lowLast() {
        return Bits.low(signExtended() ? vaBits() - 1 : vaBits());
    }

    /** Whether {@code va} is one that the tables translate: properly extended beyond the highest translated bit. */
    default boolean isLegal(long va) {
        long beyond = va & ~lowLast();
        return beyond == 0 || (signExtended() && beyond == ~lowLast());
    }

    // Entries of either kind.

    /**
     * Whether hardware can go on with this entry: it is valid, of a kind that this level allows, and violates no rule
     * on reserved bits or address size that holds for the format as such. What else an entry may hold while it is not
     * present is left to software.
     */
    boolean isPresent(int level, long entry);

    /** Whether a present entry is a leaf; otherwise it points to a table. */
    boolean isLeaf(int level, long entry);

    // Pointers to tables.

    /**
     * An entry that points to a table and restricts nothing.
     *
     * @param level of the entry, at least 1
     * @param table physical address of the table, aligned to its size
     * @throws IllegalArgumentException if the address has bits that the entry has no room for
     */
    long tableEntry(int level, long table);

    /** Physical address of the table that a present non-leaf entry points to. */
    long tableAddress(int level, long entry);

    /** Level of the table that a present non-leaf entry points to: one less, except in formats that can skip levels. */
    default int childLevel(int level, long entry) {
        return level - 1;
    }

    /** Attributes of a leaf as they are in effect below this present non-leaf entry, which may take rights away. */
    int restrict(int level, long tableEntry, int attributes);

    // Leaves.

    /**
     * A leaf that maps {@code 1 << indexShift(level)} bytes.
     *
     * @param level one that {@linkplain #canBeLeaf can be a leaf}
     * @param oa output address, aligned to the leaf's size
     * @param attributes {@link Attributes} bits
     * @throws IllegalArgumentException if the format cannot express this level, address or combination of attributes
     */
    long leafEntry(int level, long oa, int attributes);

    /** Output address of the first byte of a present leaf, aligned to {@code 1 << leafShift(level, entry)}. */
    long leafAddress(int level, long entry);

    /**
     * log2 of the bytes that a present leaf maps. More than {@code indexShift(level)} in formats where one leaf is
     * repeated in neighbouring entries.
     */
    default int leafShift(int level, long entry) {
        return indexShift(level);
    }

    /** {@link Attributes} bits of a present leaf, those of tables above not considered. */
    int leafAttributes(int level, long entry);

    /**
     * A present leaf with other attributes. Address, memory type and what belongs to software stay.
     *
     * @throws IllegalArgumentException if the format cannot express the attributes
     */
    long withAttributes(int level, long entry, int attributes);

    /** Whether memory has been accessed through this present leaf. */
    default boolean isAccessed(int level, long entry) {
        return (leafAttributes(level, entry) & Attributes.ACCESSED) != 0;
    }

    /** This present leaf as if memory had not been accessed through it. */
    default long withoutAccessed(int level, long entry) {
        return withAttributes(level, entry, leafAttributes(level, entry) & ~Attributes.ACCESSED);
    }

    /** Whether memory may have been written through this present leaf. */
    default boolean isDirty(int level, long entry) {
        return (leafAttributes(level, entry) & Attributes.DIRTY) != 0;
    }

    /** This present leaf as if memory had not been written through it; unchanged where writable implies dirty. */
    default long withoutDirty(int level, long entry) {
        return withAttributes(level, entry, leafAttributes(level, entry) & ~Attributes.DIRTY);
    }
}
