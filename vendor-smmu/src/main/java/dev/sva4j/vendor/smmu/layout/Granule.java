package dev.sva4j.vendor.smmu.layout;

import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A translation granule: its four encodings and the geometry of its tables (IHI 0070 §5.2, §5.4; DDI 0487 D8).
 *
 * <p>Levels are the manual's: level 3 holds pages and smaller numbers come before it, down to -1 with 52-bit addresses.
 * The start table indexes whatever bits the other levels leave over, so it may be narrower than they are and, with the
 * concatenation of stage 2, up to four bits wider.
 */
public enum Granule {
    KIB_4(12, 0, 2, 0, 1),
    KIB_16(14, 2, 1, 2, 2),
    KIB_64(16, 1, 3, 1, 3);

    private static final List<Granule> ALL = List.of(values());
    private static final int LAST_LEVEL = 3;
    private static final int LOG2_DESCRIPTOR = 3;

    private final int shift;
    private final int tg0;
    private final int tg1;
    private final int s2tg;
    private final int commandTg;

    Granule(int shift, int tg0, int tg1, int s2tg, int commandTg) {
        this.shift = shift;
        this.tg0 = tg0;
        this.tg1 = tg1;
        this.s2tg = s2tg;
        this.commandTg = commandTg;
    }

    /** The granule of this CD.TG0, or null for the reserved encoding. */
    public static @Nullable Granule ofTg0(long tg0) {
        return find(granule -> granule.tg0, tg0);
    }

    /** The granule of this CD.TG1, or null for the reserved encoding. */
    public static @Nullable Granule ofTg1(long tg1) {
        return find(granule -> granule.tg1, tg1);
    }

    /** The granule of this STE.S2TG, or null for the reserved encoding. */
    public static @Nullable Granule ofS2tg(long s2tg) {
        return find(granule -> granule.s2tg, s2tg);
    }

    /** The granule of this TG of an invalidation command, or null for 0: neither a range nor a level hint. */
    public static @Nullable Granule ofCommandTg(long tg) {
        return find(granule -> granule.commandTg, tg);
    }

    private static @Nullable Granule find(ToIntFunction<Granule> encoding, long value) {
        for (int i = 0; i < ALL.size(); i++) {
            if (encoding.applyAsInt(ALL.get(i)) == value) {
                return ALL.get(i);
            }
        }
        return null;
    }

    /** The encoding in CD.TG0. */
    public int tg0() {
        return tg0;
    }

    /** The encoding in CD.TG1. */
    public int tg1() {
        return tg1;
    }

    /** The encoding in STE.S2TG. */
    public int s2tg() {
        return s2tg;
    }

    /** The encoding in the TG of an invalidation command. */
    public int commandTg() {
        return commandTg;
    }

    /** log2 of the page size. */
    public int shift() {
        return shift;
    }

    /** Page size in bytes. */
    public long bytes() {
        return 1L << shift;
    }

    /** Address bits that one full table resolves. */
    public int stride() {
        return shift - LOG2_DESCRIPTOR;
    }

    /** The level at which a stage 1 walk of this many address bits starts. */
    public int startLevel(int inputBits) {
        return LAST_LEVEL + 1 - Math.floorDiv(inputBits - LOG2_DESCRIPTOR - 1, stride());
    }

    /**
     * The level at which stage 2 starts for this S2SL0; 2 is two levels above 0. The reserved 3 gives a level that does
     * not exist, which is for the reader to refuse.
     */
    public int stage2StartLevel(long s2sl0) {
        return (this == KIB_4 ? LAST_LEVEL - 1 : LAST_LEVEL) - (int) s2sl0;
    }

    /** log2 of the bytes that one descriptor of this level maps. */
    public int levelShift(int level) {
        return shift + (LAST_LEVEL - level) * stride();
    }

    /** Address bits that the table of this level resolves when the walk starts at {@code startLevel}. */
    public int indexWidth(int level, int startLevel, int inputBits) {
        return level == startLevel ? inputBits - levelShift(level) : stride();
    }

    /** Address of the descriptor for {@code address} in the table of this level. */
    public long descriptorAddress(long table, long address, int level, int startLevel, int inputBits) {
        long indexMask = (1L << indexWidth(level, startLevel, inputBits)) - 1;
        return table + (((address >>> levelShift(level)) & indexMask) << LOG2_DESCRIPTOR);
    }

    /**
     * Size and alignment of the start table. TTB bits below it are treated as 0; with a 52-bit output size the table is
     * aligned to 64 bytes at least.
     */
    public long startTableBytes(int startLevel, int inputBits) {
        return 1L << (indexWidth(startLevel, startLevel, inputBits) + LOG2_DESCRIPTOR);
    }

    /** The part of {@code address} that a leaf of this level does not translate. */
    public long offsetInLeaf(long address, int level) {
        return address & ((1L << levelShift(level)) - 1);
    }
}
