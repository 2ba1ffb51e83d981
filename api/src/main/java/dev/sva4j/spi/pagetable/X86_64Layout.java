package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;
import org.apiguardian.api.API;

/**
 * Entries of x86-64 page tables, shared by the CPU, VT-d first-stage and AMD guest (v2) translation.
 *
 * <p>Intel SDM volume 3, chapter 4.5 "4-level paging and 5-level paging"; AMD64 APM volume 2, chapter 5.3; VT-d
 * specification section 9.7 "First-Stage Paging Entries". What an IOMMU ignores (G, PWT and PCD, the protection key) is
 * named all the same: a CPU writes it.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class X86_64Layout {
    private static final String ENTRY = "paging entry";

    /** Present. */
    public static final BitField P = BitField.bit(ENTRY, "P", 0, 0, "present");

    /** Writes allowed; the conjunction over all levels counts. */
    public static final BitField RW = BitField.bit(ENTRY, "R/W", 0, 1, "writable");

    /** User-mode accesses allowed; the conjunction over all levels counts. */
    public static final BitField US = BitField.bit(ENTRY, "U/S", 0, 2, "user");

    /** Page-level write-through. */
    public static final BitField PWT = BitField.bit(ENTRY, "PWT", 0, 3, "write-through");

    /** Page-level cache disable. */
    public static final BitField PCD = BitField.bit(ENTRY, "PCD", 0, 4, "cache disable");

    /** Set by hardware when it uses the entry. */
    public static final BitField A = BitField.bit(ENTRY, "A", 0, 5, "accessed");

    /** Set by hardware when it writes through a leaf. */
    public static final BitField D = BitField.bit(ENTRY, "D", 0, 6, "dirty");

    /** Page size: 1 makes a PDE or PDPTE a leaf; reserved in a PML4E and PML5E. */
    public static final BitField PS = BitField.bit(ENTRY, "PS", 0, 7, "leaf");

    /** In a PTE the third bit of the memory type stands where upper levels have PS. */
    public static final BitField PAT_4K = BitField.bit(ENTRY, "PAT", 0, 7, "memory type");

    /** Global; IOMMUs ignore it. */
    public static final BitField G = BitField.bit(ENTRY, "G", 0, 8, "global");

    /** Extended accessed (VT-d, if the PASID entry's EAFE is set). */
    public static final BitField EA = BitField.bit(ENTRY, "EA", 0, 10, "extended accessed");

    /** In a leaf above the PTE level the third bit of the memory type stands where others have an address bit. */
    public static final BitField PAT_LARGE = BitField.bit(ENTRY, "PAT", 0, 12, "memory type");

    /** Address of a table, or of a 4 KiB page. */
    public static final BitField ADDRESS_4K = BitField.address(ENTRY, "ADDR", 0, 51, 12, "address");

    /** Address of a 2 MiB page. */
    public static final BitField ADDRESS_2M = BitField.address(ENTRY, "ADDR", 0, 51, 21, "address");

    /** Address of a 1 GiB page. */
    public static final BitField ADDRESS_1G = BitField.address(ENTRY, "ADDR", 0, 51, 30, "address");

    /** For software; hardware ignores them. */
    public static final BitField SOFTWARE = BitField.of(ENTRY, "ignored", 0, 58, 52, "for software");

    /** Protection key; IOMMUs ignore it. */
    public static final BitField PK = BitField.of(ENTRY, "PK", 0, 62, 59, "protection key");

    /** Execute disable; the disjunction over all levels counts. AMD: NX. */
    public static final BitField XD = BitField.bit(ENTRY, "XD", 0, 63, "no execute");

    /** A PML5E, PML4E, PDPTE or PDE that points to a table. */
    public static final StructLayout TABLE = StructLayout.of(
            "table pointer", 1, "SDM 4.5; VT-d 9.7", P, RW, US, PWT, PCD, A, PS, EA, ADDRESS_4K, SOFTWARE, XD);

    /** A PTE: 4 KiB. */
    public static final StructLayout LEAF_4K = StructLayout.of(
            "4 KiB leaf",
            1,
            "SDM 4.5; VT-d 9.7",
            P,
            RW,
            US,
            PWT,
            PCD,
            A,
            D,
            PAT_4K,
            G,
            EA,
            ADDRESS_4K,
            SOFTWARE,
            PK,
            XD);

    /** A PDE with PS=1: 2 MiB. Bits 20:13 are reserved. */
    public static final StructLayout LEAF_2M = StructLayout.of(
            "2 MiB leaf",
            1,
            "SDM 4.5; VT-d 9.7",
            P,
            RW,
            US,
            PWT,
            PCD,
            A,
            D,
            PS,
            G,
            EA,
            PAT_LARGE,
            ADDRESS_2M,
            SOFTWARE,
            PK,
            XD);

    /** A PDPTE with PS=1: 1 GiB. Bits 29:13 are reserved. */
    public static final StructLayout LEAF_1G = StructLayout.of(
            "1 GiB leaf",
            1,
            "SDM 4.5; VT-d 9.7",
            P,
            RW,
            US,
            PWT,
            PCD,
            A,
            D,
            PS,
            G,
            EA,
            PAT_LARGE,
            ADDRESS_1G,
            SOFTWARE,
            PK,
            XD);

    private X86_64Layout() {}

    /** The layout that describes this entry, for print-outs. {@code level} as in {@link X86_64}; P is not looked at. */
    public static StructLayout of(int level, long entry) {
        if (level == 0) {
            return LEAF_4K;
        }
        if (level > 2 || !PS.isSet(entry)) {
            return TABLE;
        }
        return level == 1 ? LEAF_2M : LEAF_1G;
    }
}
