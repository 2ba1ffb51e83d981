package dev.sva4j.spi.pagetable;

import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.ADDRESS;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.ADDRESS_LPA;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.ADDRESS_LPA2;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AF;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP1;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP2;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP_TABLE_0;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.AP_TABLE_1;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.ATTR_INDX;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.DBM;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.NG;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.PXN;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.PXN_TABLE;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.SH;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.SOFTWARE_DIRTY;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.TYPE;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.UXN;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.UXN_TABLE;
import static dev.sva4j.spi.pagetable.Vmsav8_64Layout.VALID;

import org.apiguardian.api.API;

/**
 * Stage 1 tables of VMSAv8-64, lower half (TTB0): what an Arm CPU walks for a process and an SMMU for a PASID.
 *
 * <p>Arm DDI 0487, D8.2 and D8.3. With granule {@code g = log2} of its bytes and stride {@code s = g − 3}, the manual's
 * level L indexes from bit {@code g + (3 − L)·s}; our level is {@code 3 − L}. For 4 KiB:
 * <pre>
 *   level   manual   index      one entry covers   leaf
 *     4      L-1     [51:48]    256 TiB            no                  (52-bit addresses only)
 *     3      L0      [47:39]    512 GiB            52-bit addresses only
 *     2      L1      [38:30]    1 GiB              block
 *     1      L2      [29:21]    2 MiB              block
 *     0      L3      [20:12]    4 KiB              page
 * </pre>
 * T0SZ takes bits off the top: the walk starts at the level that still has some, with a table as small as that.
 *
 * <p><b>Dirty state</b> (D8.4.6): a writable leaf has AP[2]=0. With {@code hardwareDirty} (CD.HD, TCR.HD) a leaf that
 * is writable but clean has DBM=1 and AP[2]=1, and the first write clears AP[2]. Without it every writable leaf has to
 * count as dirty. A leaf that was dirtied and then made read-only keeps that in the software bit that Linux uses.
 *
 * <p><b>Execution</b>: {@link Rights#EXECUTE} stands for UXN=0 in a leaf with {@link Rights#USER}, else for PXN=0. The
 * other of the two is written as 1: privileged software never executes a process's pages.
 *
 * @param granule size of a page and of a full table
 * @param t0sz 64 minus va bits: 16 … 39, or from 12 with 52-bit addresses or 64 KiB pages
 * @param oaBits output address bits, 32 … 48 or 52 (effective IPS); 52 selects the descriptor formats of LPA and LPA2
 * @param attrIndx index into MAIR, 0 … 7
 * @param hardwareDirty whether hardware manages dirty state
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record Vmsav8_64(Granule granule, int t0sz, int oaBits, int attrIndx, boolean hardwareDirty)
        implements PageTableFormat {

    /** What Linux uses for a process as long as nothing bigger is configured: 48-bit va, 4 KiB pages, MAIR index 0. */
    public static final Vmsav8_64 LINUX_4K = new Vmsav8_64(Granule.SIZE_4K, 16, 48, 0, false);

    private static final int WIDE = 52;
    private static final int INNER_SHAREABLE = 3;

    /**
     * Translation granule (D8.2.2).
     *
     * @since 0.0.1
     */
    @API(status = API.Status.STABLE, since = "0.1.0")
    public enum Granule {
        /** TG0 = 0. Blocks of 2 MiB and 1 GiB, 512 GiB with 52-bit addresses. */
        SIZE_4K(12, 2),
        /** TG0 = 2. Blocks of 32 MiB, 64 GiB with 52-bit addresses. */
        SIZE_16K(14, 1),
        /** TG0 = 1. Blocks of 512 MiB, 4 TiB with 52-bit addresses. */
        SIZE_64K(16, 1);

        private final int shift;
        private final int highestBlockLevel;

        Granule(int shift, int highestBlockLevel) {
            this.shift = shift;
            this.highestBlockLevel = highestBlockLevel;
        }

        /** log2 of its bytes. */
        public int shift() {
            return shift;
        }

        /** Index bits of a full table. */
        int stride() {
            return shift - 3;
        }
    }

    /** Checks the parameters. */
    public Vmsav8_64 {
        int smallest = oaBits == WIDE || granule == Granule.SIZE_64K ? 12 : 16;
        if (t0sz < smallest || t0sz > 39) {
            throw new IllegalArgumentException("T0SZ must be " + smallest + " to 39, not " + t0sz);
        }
        if ((oaBits < 32 || oaBits > 48) && oaBits != WIDE) {
            throw new IllegalArgumentException("output addresses have 32 to 48 or 52 bits, not " + oaBits);
        }
        if (attrIndx < 0 || attrIndx > 7) {
            throw new IllegalArgumentException("AttrIndx is 0 to 7, not " + attrIndx);
        }
    }

    /** This format with other memory attributes: an index into MAIR. */
    public Vmsav8_64 withAttrIndx(int index) {
        return new Vmsav8_64(granule, t0sz, oaBits, index, hardwareDirty);
    }

    @Override
    public String name() {
        return "VMSAv8-64 " + (1 << (granule.shift - 10)) + " KiB T0SZ " + t0sz;
    }

    /** The manual's start level is 4 − ⌊(va bits − 4) / stride⌋ (D8.2.5), and the walk ends at its level 3. */
    @Override
    public int levels() {
        return (vaBits() - 4) / granule.stride();
    }

    @Override
    public int indexShift(int level) {
        return granule.shift + level * granule.stride();
    }

    @Override
    public int indexBits(int level) {
        return level == topLevel() ? vaBits() - indexShift(level) : granule.stride();
    }

    /** With 52-bit addresses even a start table smaller than 64 bytes is aligned to them. */
    @Override
    public int tableShift(int level) {
        int shift = indexBits(level) + 3;
        return oaBits == WIDE ? Math.max(shift, 6) : shift;
    }

    @Override
    public int vaBits() {
        return 64 - t0sz;
    }

    @Override
    public boolean signExtended() {
        return false;
    }

    @Override
    public boolean canBeLeaf(int level) {
        return level <= (oaBits == WIDE ? granule.highestBlockLevel + 1 : granule.highestBlockLevel);
    }

    @Override
    public boolean isPresent(int level, long entry) {
        // A block where none is allowed, and type 0 at the manual's level 3, are invalid: D8.3.1.
        return VALID.isSet(entry)
                && (TYPE.isSet(entry) || (level > 0 && canBeLeaf(level)))
                && (address(entry) & ~Bits.low(oaBits)) == 0;
    }

    @Override
    public boolean isLeaf(int level, long entry) {
        return level == 0 || !TYPE.isSet(entry);
    }

    @Override
    public long tableEntry(int level, long table) {
        int shift = tableShift(level - 1);
        return putAddress(VALID.mask() | TYPE.mask(), table, shift);
    }

    @Override
    public long tableAddress(int level, long entry) {
        return address(entry) & ~Bits.low(granule.shift);
    }

    @Override
    public int restrict(int level, long tableEntry, int attributes) {
        int taken = AP_TABLE_1.isSet(tableEntry) ? Rights.WRITE : 0;
        boolean user = (attributes & Rights.USER) != 0;
        if (user && AP_TABLE_0.isSet(tableEntry)) {
            // What is left is a privileged mapping, and privileged software does not execute what was the user's.
            taken |= Rights.USER | Rights.EXECUTE;
        }
        if (user ? UXN_TABLE.isSet(tableEntry) : PXN_TABLE.isSet(tableEntry)) {
            taken |= Rights.EXECUTE;
        }
        return attributes & ~taken;
    }

    @Override
    public long leafEntry(int level, long oa, int attributes) {
        if (!canBeLeaf(level) || level >= levels()) {
            throw new IllegalArgumentException(name() + " has no leaves at level " + level);
        }
        long word = ATTR_INDX.put(VALID.mask(), attrIndx);
        word = TYPE.put(word, level == 0);
        if (!isLpa2()) {
            word = SH.put(word, INNER_SHAREABLE);
        }
        return withAttributes(level, putAddress(word, oa, indexShift(level)), attributes);
    }

    @Override
    public long leafAddress(int level, long entry) {
        return address(entry) & ~Bits.low(indexShift(level));
    }

    @Override
    public int leafAttributes(int level, long entry) {
        boolean user = AP1.isSet(entry);
        return Rights.READ
                | writeAttributes(entry)
                | ((user ? UXN.isSet(entry) : PXN.isSet(entry)) ? 0 : Rights.EXECUTE)
                | (user ? Rights.USER : 0)
                | (AF.isSet(entry) ? Attributes.ACCESSED : 0)
                | (NG.isSet(entry) ? 0 : Attributes.GLOBAL);
    }

    /** Hardware that does not manage dirty state ignores DBM, and Linux uses that bit for its own ends there. */
    private int writeAttributes(long entry) {
        if (!AP2.isSet(entry)) {
            return Rights.WRITE | Attributes.DIRTY;
        }
        return (hardwareDirty && DBM.isSet(entry) ? Rights.WRITE : 0)
                | (SOFTWARE_DIRTY.isSet(entry) ? Attributes.DIRTY : 0);
    }

    @Override
    public long withAttributes(int level, long entry, int attributes) {
        Attributes.check(this, attributes, Attributes.ALL, Rights.READ);
        boolean user = (attributes & Rights.USER) != 0;
        boolean execute = (attributes & Rights.EXECUTE) != 0;
        boolean write = (attributes & Rights.WRITE) != 0;
        boolean dirty = (attributes & Attributes.DIRTY) != 0;
        long word = AP1.put(entry, user);
        word = AP2.put(word, !write || (hardwareDirty && !dirty));
        word = hardwareDirty ? DBM.put(word, write) : word;
        word = SOFTWARE_DIRTY.put(word, dirty && !write);
        word = AF.put(word, (attributes & Attributes.ACCESSED) != 0);
        word = NG.put(word, (attributes & Attributes.GLOBAL) == 0);
        word = UXN.put(word, !(execute && user));
        return PXN.put(word, !(execute && !user));
    }

    private boolean isLpa2() {
        return oaBits == WIDE && granule != Granule.SIZE_64K;
    }

    private long address(long entry) {
        if (oaBits != WIDE) {
            return ADDRESS.getAddress(entry);
        }
        return (granule == Granule.SIZE_64K ? ADDRESS_LPA : ADDRESS_LPA2).from(0, entry);
    }

    private long putAddress(long word, long address, int alignment) {
        if ((address & ~Bits.low(oaBits)) != 0) {
            throw new IllegalArgumentException(String.format("0x%x has more than %d bits", address, oaBits));
        }
        if (!Bits.isAligned(address, alignment)) {
            throw new IllegalArgumentException(String.format("0x%x is not aligned to 2^%d bytes", address, alignment));
        }
        if (oaBits != WIDE) {
            return ADDRESS.putAddress(word, address);
        }
        return (granule == Granule.SIZE_64K ? ADDRESS_LPA : ADDRESS_LPA2).put(0, word, address);
    }
}
