package dev.sva4j.spi.pagetable;

/**
 * A format with what neither x86 nor Arm has: all 64 address bits, a short top level, entries that skip levels, leaves
 * repeated in neighbouring entries, write-only leaves. It resembles AMD's host tables (AMD IOMMU specification 2.2.3).
 */
final class SkippingFormat implements PageTableFormat {
    private static final long PRESENT = 1;
    private static final long READ = 1L << 61;
    private static final long WRITE = 1L << 62;
    private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;

    @Override
    public String name() {
        return "skipping";
    }

    @Override
    public int levels() {
        return 6;
    }

    @Override
    public int indexShift(int level) {
        return 12 + 9 * level;
    }

    @Override
    public int indexBits(int level) {
        return level == 5 ? 7 : 9;
    }

    @Override
    public int vaBits() {
        return 64;
    }

    @Override
    public boolean signExtended() {
        return false;
    }

    @Override
    public int oaBits() {
        return 52;
    }

    @Override
    public boolean canBeLeaf(int level) {
        return level < 5;
    }

    /** Bits 11:9 of an entry: 0 and 7 say leaf, others one more than the level of the table. */
    private static int next(long entry) {
        return (int) (entry >>> 9) & 7;
    }

    @Override
    public boolean isPresent(int level, long entry) {
        return (entry & PRESENT) != 0;
    }

    @Override
    public boolean isLeaf(int level, long entry) {
        return next(entry) == 0 || next(entry) == 7;
    }

    @Override
    public int childLevel(int level, long entry) {
        return next(entry) - 1;
    }

    @Override
    public long tableEntry(int level, long table) {
        return tableEntry(level, table, level - 1);
    }

    long tableEntry(int level, long table, int child) {
        return PRESENT | READ | WRITE | table | (long) (child + 1) << 9;
    }

    @Override
    public long tableAddress(int level, long entry) {
        return entry & ADDRESS;
    }

    @Override
    public int restrict(int level, long tableEntry, int attributes) {
        return attributes
                & ~((tableEntry & READ) == 0 ? Rights.READ : 0)
                & ~((tableEntry & WRITE) == 0 ? Rights.WRITE : 0);
    }

    @Override
    public long leafEntry(int level, long oa, int attributes) {
        Attributes.check(this, attributes, Rights.READ | Rights.WRITE, 0);
        if (!canBeLeaf(level) || (oa & ~ADDRESS & -1L) != 0 || !Bits.isAligned(oa, indexShift(level))) {
            throw new IllegalArgumentException("no such leaf");
        }
        return withAttributes(level, PRESENT | oa, attributes);
    }

    /** A leaf of more than one entry. */
    long repeatedLeaf(long oa, int shift, int attributes) {
        return withAttributes(0, PRESENT | 7 << 9 | oa | (Bits.low(shift - 1) & ADDRESS), attributes);
    }

    @Override
    public int leafShift(int level, long entry) {
        return next(entry) == 0 ? indexShift(level) : Long.numberOfTrailingZeros(~(entry | 0xFFF)) + 1;
    }

    @Override
    public long leafAddress(int level, long entry) {
        return entry & ADDRESS & ~Bits.low(leafShift(level, entry));
    }

    @Override
    public int leafAttributes(int level, long entry) {
        return ((entry & READ) == 0 ? 0 : Rights.READ) | ((entry & WRITE) == 0 ? 0 : Rights.WRITE);
    }

    @Override
    public long withAttributes(int level, long entry, int attributes) {
        Attributes.check(this, attributes, Rights.READ | Rights.WRITE, 0);
        return (entry & ~(READ | WRITE))
                | ((attributes & Rights.READ) == 0 ? 0 : READ)
                | ((attributes & Rights.WRITE) == 0 ? 0 : WRITE);
    }
}
