package dev.sva4j.spi.pagetable;

import static dev.sva4j.spi.pagetable.X86_64Layout.A;
import static dev.sva4j.spi.pagetable.X86_64Layout.ADDRESS_4K;
import static dev.sva4j.spi.pagetable.X86_64Layout.D;
import static dev.sva4j.spi.pagetable.X86_64Layout.G;
import static dev.sva4j.spi.pagetable.X86_64Layout.P;
import static dev.sva4j.spi.pagetable.X86_64Layout.PAT_LARGE;
import static dev.sva4j.spi.pagetable.X86_64Layout.PS;
import static dev.sva4j.spi.pagetable.X86_64Layout.RW;
import static dev.sva4j.spi.pagetable.X86_64Layout.US;
import static dev.sva4j.spi.pagetable.X86_64Layout.XD;

import org.apiguardian.api.API;

/**
 * x86-64 page tables: what a CPU walks for a process, and what VT-d first-stage and AMD guest (v2) translation walk for
 * a PASID.
 *
 * <p>Intel SDM volume 3, chapter 4.5; AMD64 APM volume 2, chapter 5.3; VT-d specification sections 3.6 and 9.7; AMD
 * IOMMU specification section 2.2.6. The manuals' levels count from the other end:
 * <pre>
 *   level   table            index     one entry covers   leaf
 *     4     PML5 (5 levels)  [56:48]   256 TiB            no (PS reserved)
 *     3     PML4             [47:39]   512 GiB            no (PS reserved)
 *     2     PDPT             [38:30]   1 GiB              PS=1, if the hardware has it
 *     1     PD               [29:21]   2 MiB              PS=1
 *     0     PT               [20:12]   4 KiB              always
 * </pre>
 * Addresses are sign-extended; a process has the low half. Present implies readable. Rights are the conjunction over
 * all levels, so an entry that points to a table allows everything. Linux sets U/S in every such entry of a process
 * and, as they are of no interest there, A and D too: 0x067.
 *
 * @param levels 4 or 5
 * @param oaBits physical address bits, 32 … 52 (VT-d: HAW). Address bits above are reserved
 * @param gigabyteLeaves whether a PDPTE may be a leaf (VT-d: CAP.FS1GP)
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record X86_64(int levels, int oaBits, boolean gigabyteLeaves) implements PageTableFormat {
    /** Four levels with all leaf sizes and 52 physical address bits. */
    public static final X86_64 FOUR_LEVELS = new X86_64(4, 52, true);

    /** Five levels with all leaf sizes and 52 physical address bits. */
    public static final X86_64 FIVE_LEVELS = new X86_64(5, 52, true);

    private static final int PAGE_SHIFT = 12;
    private static final int INDEX_BITS = 9;
    private static final long TABLE_FLAGS = P.mask() | RW.mask() | US.mask() | A.mask() | D.mask();

    /** Checks the parameters. */
    public X86_64 {
        if (levels != 4 && levels != 5) {
            throw new IllegalArgumentException("x86-64 tables have 4 or 5 levels, not " + levels);
        }
        if (oaBits < 32 || oaBits > 52) {
            throw new IllegalArgumentException("x86-64 physical addresses have 32 to 52 bits, not " + oaBits);
        }
    }

    @Override
    public String name() {
        return "x86-64 " + levels + "-level";
    }

    @Override
    public int indexShift(int level) {
        return PAGE_SHIFT + INDEX_BITS * level;
    }

    @Override
    public int indexBits(int level) {
        return INDEX_BITS;
    }

    @Override
    public int vaBits() {
        return PAGE_SHIFT + INDEX_BITS * levels;
    }

    @Override
    public boolean signExtended() {
        return true;
    }

    @Override
    public boolean canBeLeaf(int level) {
        return level < 2 || (level == 2 && gigabyteLeaves);
    }

    @Override
    public boolean isPresent(int level, long entry) {
        return P.isSet(entry) && (entry & reserved(level, entry)) == 0;
    }

    /**
     * Reserved whatever the vendor: address bits beyond the hardware's, a forbidden PS, low address bits of a large
     * leaf.
     */
    private long reserved(int level, long entry) {
        long mask = Bits.low(52) & ~Bits.low(oaBits);
        if (level == 0 || !PS.isSet(entry)) {
            return mask;
        }
        if (!canBeLeaf(level)) {
            return mask | PS.mask();
        }
        return mask | (Bits.low(indexShift(level)) & ~Bits.low(PAT_LARGE.hi() + 1));
    }

    @Override
    public boolean isLeaf(int level, long entry) {
        return level == 0 || PS.isSet(entry);
    }

    @Override
    public long tableEntry(int level, long table) {
        return ADDRESS_4K.putAddress(TABLE_FLAGS, inRange(table));
    }

    @Override
    public long tableAddress(int level, long entry) {
        return ADDRESS_4K.getAddress(entry);
    }

    @Override
    public int restrict(int level, long tableEntry, int attributes) {
        int taken = (RW.isSet(tableEntry) ? 0 : Rights.WRITE)
                | (US.isSet(tableEntry) ? 0 : Rights.USER)
                | (XD.isSet(tableEntry) ? Rights.EXECUTE : 0);
        return attributes & ~taken;
    }

    @Override
    public long leafEntry(int level, long oa, int attributes) {
        if (!canBeLeaf(level)) {
            throw new IllegalArgumentException(name() + " has no leaves at level " + level);
        }
        if (!Bits.isAligned(oa, indexShift(level))) {
            throw new IllegalArgumentException(
                    String.format("0x%x is not aligned to a leaf of 2^%d bytes", oa, indexShift(level)));
        }
        long empty = level == 0 ? P.mask() : P.mask() | PS.mask();
        return withAttributes(level, empty | inRange(oa), attributes);
    }

    private long inRange(long address) {
        if ((address & ~Bits.low(oaBits)) != 0) {
            throw new IllegalArgumentException(String.format("0x%x has more than %d bits", address, oaBits));
        }
        return address;
    }

    @Override
    public long leafAddress(int level, long entry) {
        // Masking by size also takes off PAT, which shares bit 12 with nothing but a 4 KiB page's address.
        return ADDRESS_4K.getAddress(entry) & ~Bits.low(indexShift(level));
    }

    @Override
    public int leafAttributes(int level, long entry) {
        return Rights.READ
                | (RW.isSet(entry) ? Rights.WRITE : 0)
                | (XD.isSet(entry) ? 0 : Rights.EXECUTE)
                | (US.isSet(entry) ? Rights.USER : 0)
                | (A.isSet(entry) ? Attributes.ACCESSED : 0)
                | (D.isSet(entry) ? Attributes.DIRTY : 0)
                | (G.isSet(entry) ? Attributes.GLOBAL : 0);
    }

    @Override
    public long withAttributes(int level, long entry, int attributes) {
        Attributes.check(this, attributes, Attributes.ALL, Rights.READ);
        long word = RW.put(entry, (attributes & Rights.WRITE) != 0);
        word = XD.put(word, (attributes & Rights.EXECUTE) == 0);
        word = US.put(word, (attributes & Rights.USER) != 0);
        word = A.put(word, (attributes & Attributes.ACCESSED) != 0);
        word = D.put(word, (attributes & Attributes.DIRTY) != 0);
        return G.put(word, (attributes & Attributes.GLOBAL) != 0);
    }
}
