package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.SizedAddress;
import dev.sva4j.spi.layout.SplitField;
import dev.sva4j.spi.layout.StructLayout;
import java.util.List;
import java.util.Map;

/**
 * Entries of host (v1) page tables (AMD-Vi 2.2.3). NextLevel tells the kinds apart: 0 is a leaf of the level's
 * default size, 7 a leaf whose size is in its address, 1 to 6 the level of the table that the entry points to.
 *
 * <p>Levels are the manual's: 1 for the lowest, 6 for the top of the deepest table. FreeBSD gives bits 58:57 of a
 * leaf to page migration; the other sources, which are followed here, have 58:52 reserved.
 */
public final class HostPageTableEntry {
    private static final String ENTRY = "host page table entry";

    /** NextLevel: a leaf of the default size of its level. */
    public static final int NEXT_LEVEL_DEFAULT_SIZE = 0;

    /** NextLevel: a leaf whose size is in its address, repeated in all the entries that it covers. */
    public static final int NEXT_LEVEL_SIZE_IN_ADDRESS = 7;

    public static final BitField PR = BitField.bit(ENTRY, "PR", 0, 0, "present");
    public static final BitField A = BitField.bit(ENTRY, "A", 0, 5, "accessed; counts with DTE.HAD");
    public static final BitField D = BitField.bit(ENTRY, "D", 0, 6, "dirty; counts with DTE.HAD");
    public static final BitField NEXT_LEVEL = BitField.of(ENTRY, "NextLevel", 0, 11, 9, "what the entry points to")
            .withValue(NEXT_LEVEL_DEFAULT_SIZE, "page of default size")
            .withValue(NEXT_LEVEL_SIZE_IN_ADDRESS, "page, size in the address");
    public static final BitField ADDRESS = BitField.address(ENTRY, "Address", 0, 51, 12, "page or table");
    public static final BitField U = BitField.bit(ENTRY, "U", 0, 59, "translations for devices say: untranslated only");
    public static final BitField FC = BitField.bit(ENTRY, "FC", 0, 60, "force coherent");
    public static final BitField IR =
            BitField.bit(ENTRY, "IR", 0, 61, "readable; the conjunction over all levels counts");
    public static final BitField IW =
            BitField.bit(ENTRY, "IW", 0, 62, "writable; the conjunction over all levels counts");

    /** An entry that points to a table (PDE). Bits 60:52 are reserved. */
    public static final StructLayout TABLE = StructLayout.of(
            "host page directory entry",
            1,
            "AMD-Vi 2.2.3",
            PR,
            A,
            NEXT_LEVEL,
            ADDRESS,
            IR,
            IW,
            ignored(piece(4, 1), piece(8, 6), piece(63, 63)));

    /** A leaf (PTE). Bits 58:52 are reserved. */
    public static final StructLayout LEAF = StructLayout.of(
            "host page table entry",
            1,
            "AMD-Vi 2.2.3",
            PR,
            A,
            D,
            NEXT_LEVEL,
            ADDRESS,
            U,
            FC,
            IR,
            IW,
            ignored(piece(4, 1), piece(8, 7), piece(63, 63)));

    private HostPageTableEntry() {}

    /** Whether a present entry is a leaf. */
    public static boolean isLeaf(long entry) {
        long next = NEXT_LEVEL.get(entry);
        return next == NEXT_LEVEL_DEFAULT_SIZE || next == NEXT_LEVEL_SIZE_IN_ADDRESS;
    }

    /** The layout that describes this entry; PR is not looked at. */
    public static StructLayout of(long entry) {
        return isLeaf(entry) ? LEAF : TABLE;
    }

    /** log2 of the size of a leaf of this level. */
    public static int log2Size(int level, long entry) {
        return NEXT_LEVEL.get(entry) == NEXT_LEVEL_SIZE_IN_ADDRESS
                ? SizedAddress.log2Size(ADDRESS.getAddress(entry))
                : HostPageTable.log2EntrySize(level);
    }

    /**
     * Whether a leaf of this level has a legal size. A size in the address is larger than the default of the level and
     * smaller than that of the next, and has its 0 in the address. There is no leaf in level 6, which could only hold
     * pages of 128 PiB (Linux {@code amdv1.h} has none).
     */
    public static boolean hasLegalSize(int level, long entry) {
        if (level > HostPageTable.LARGEST_LEAF_LEVEL) {
            return false;
        }
        int size = log2Size(level, entry);
        return NEXT_LEVEL.get(entry) == NEXT_LEVEL_DEFAULT_SIZE
                || (size > HostPageTable.log2EntrySize(level)
                        && size < HostPageTable.log2EntrySize(level + 1)
                        && size <= ADDRESS.hi() + 1);
    }

    /** Address of the page of a leaf, without its size. Bits below it do not count: no source calls them reserved. */
    public static long pageAddress(int level, long entry) {
        return SizedAddress.base(ADDRESS.getAddress(entry), log2Size(level, entry));
    }

    /**
     * A present leaf without IR, IW and FC.
     *
     * @param level of the table that holds it
     * @param page address, aligned to its size
     * @param log2Size of the page: the default size of the level, or more and then the entry is repeated for all of it
     * @throws IllegalArgumentException if the level has no pages of this size, or the address is not aligned or too
     *     wide
     */
    public static long leaf(int level, long page, int log2Size) {
        boolean isDefault = log2Size == HostPageTable.log2EntrySize(level);
        long address = isDefault ? page : SizedAddress.encode(page, log2Size);
        long entry = PR.encode(true)
                | NEXT_LEVEL.encode(isDefault ? NEXT_LEVEL_DEFAULT_SIZE : NEXT_LEVEL_SIZE_IN_ADDRESS)
                | ADDRESS.encodeAddress(address);
        if (!hasLegalSize(level, entry) || pageAddress(level, entry) != page) {
            throw new IllegalArgumentException(
                    String.format("level %d has no page of 2^%d bytes at 0x%x", level, log2Size, page));
        }
        return entry;
    }

    /** A present entry with IR and IW that points to a table of a level. */
    public static long table(int nextLevel, long table) {
        return PR.encode(true)
                | NEXT_LEVEL.encode(nextLevel)
                | ADDRESS.encodeAddress(table)
                | IR.encode(true)
                | IW.encode(true);
    }

    private static SplitField ignored(SplitField.Piece... pieces) {
        return new SplitField(ENTRY, "ignored", false, "for software", Map.of(), List.of(pieces));
    }

    private static SplitField.Piece piece(int hi, int lo) {
        return new SplitField.Piece(0, hi, lo, lo);
    }
}
