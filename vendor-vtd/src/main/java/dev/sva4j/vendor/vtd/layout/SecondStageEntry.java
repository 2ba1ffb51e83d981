package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.SplitField;
import dev.sva4j.spi.layout.StructLayout;
import java.util.List;
import java.util.Map;

/**
 * Entries of second-stage page tables (VT-d 9.8). There is no present bit: R = W = 0 is not present.
 *
 * <p>A and D count only with SSADE, EMT and IPAT only with EMTE; IR and IW only with RTADDR.SSIRWE, and 62 is reserved
 * otherwise.
 */
public final class SecondStageEntry {
    private static final String ENTRY = "second-stage entry";

    public static final BitField R = BitField.bit(ENTRY, "R", 0, 0, "readable; the conjunction over all levels counts");
    public static final BitField W = BitField.bit(ENTRY, "W", 0, 1, "writable; the conjunction over all levels counts");
    public static final BitField EMT = BitField.of(ENTRY, "EMT", 0, 5, 3, "extended memory type");
    public static final BitField IPAT = BitField.bit(ENTRY, "IPAT", 0, 6, "the first stage's memory type is ignored");
    public static final BitField PS = BitField.bit(ENTRY, "PS", 0, 7, "leaf");
    public static final BitField A = BitField.bit(ENTRY, "A", 0, 8, "accessed");
    public static final BitField D = BitField.bit(ENTRY, "D", 0, 9, "dirty");
    public static final BitField SNP = BitField.bit(ENTRY, "SNP", 0, 11, "accesses snoop; reserved without ECAP.SC");
    public static final BitField ADDRESS_4K = BitField.address(ENTRY, "ADDR", 0, 51, 12, "address");
    public static final BitField ADDRESS_2M = BitField.address(ENTRY, "ADDR", 0, 51, 21, "address");
    public static final BitField ADDRESS_1G = BitField.address(ENTRY, "ADDR", 0, 51, 30, "address");
    public static final BitField IR = BitField.bit(ENTRY, "IR", 0, 61, "readable by devices");
    public static final BitField IW = BitField.bit(ENTRY, "IW", 0, 62, "writable by devices; TM in old revisions");

    // 6:3 and 9 have a meaning in leaves only.
    private static final SplitField IGNORED_IN_TABLE = ignored(piece(6, 2), piece(10, 9), piece(60, 52), piece(63, 63));

    /** PS has a meaning where an entry may be either only. */
    private static final SplitField IGNORED_IN_4K =
            ignored(piece(2, 2), piece(7, 7), piece(10, 10), piece(60, 52), piece(63, 63));

    private static final SplitField IGNORED_IN_LARGE =
            ignored(piece(2, 2), piece(10, 10), piece(60, 52), piece(63, 63));

    /** An entry that points to a table. */
    public static final StructLayout TABLE = StructLayout.of(
            "second-stage table pointer", 1, "VT-d 9.8", R, W, PS, A, ADDRESS_4K, IR, IW, IGNORED_IN_TABLE);

    /** A 4 KiB leaf. */
    public static final StructLayout LEAF_4K = StructLayout.of(
            "second-stage 4 KiB leaf", 1, "VT-d 9.8", R, W, EMT, IPAT, A, D, SNP, ADDRESS_4K, IR, IW, IGNORED_IN_4K);

    /** A 2 MiB leaf. Bits 20:12 are reserved. */
    public static final StructLayout LEAF_2M = large("second-stage 2 MiB leaf", ADDRESS_2M);

    /** A 1 GiB leaf. Bits 29:12 are reserved. */
    public static final StructLayout LEAF_1G = large("second-stage 1 GiB leaf", ADDRESS_1G);

    private SecondStageEntry() {}

    /** Whether the entry is present. */
    public static boolean isPresent(long entry) {
        return R.isSet(entry) || W.isSet(entry);
    }

    /** The layout that describes this entry, for print-outs; level 0 is a PTE, 4 a PML5E. */
    public static StructLayout of(int level, long entry) {
        if (level == 0) {
            return LEAF_4K;
        }
        if (level > 2 || !PS.isSet(entry)) {
            return TABLE;
        }
        return level == 1 ? LEAF_2M : LEAF_1G;
    }

    private static StructLayout large(String name, BitField address) {
        return StructLayout.of(name, 1, "VT-d 9.8", R, W, EMT, IPAT, PS, A, D, SNP, address, IR, IW, IGNORED_IN_LARGE);
    }

    private static SplitField ignored(SplitField.Piece... pieces) {
        return new SplitField(ENTRY, "ignored", false, "for software", Map.of(), List.of(pieces));
    }

    private static SplitField.Piece piece(int hi, int lo) {
        return new SplitField.Piece(0, hi, lo, lo);
    }
}
