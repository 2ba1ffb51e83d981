package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.A;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.ADDRESS_4K;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.D;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.PS;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.R;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.SNP;
import static dev.sva4j.vendor.vtd.layout.SecondStageEntry.W;

import dev.sva4j.spi.pagetable.Attributes;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Rights;

/**
 * Second-stage page tables (VT-d 3.7, 9.8): the only ones of legacy mode.
 *
 * <p>The geometry is that of x86-64, counted alike: level 0 is the PTE. But addresses are not sign-extended, reading is a right
 * of its own, and nothing tells users from supervisors: every request has {@link Rights#USER}, none may execute.
 *
 * @param levels 3 to 5
 * @param oaBits physical address bits (HAW), 32 to 52. Address bits above are reserved
 * @param largestLeaf the highest level that may be a leaf (CAP.SSLPS): 0, 1 = 2 MiB, 2 = 1 GiB
 * @param accessedDirty whether hardware keeps A and D (SSADE of the PASID table entry); otherwise they are for software
 * @param snoopControl whether SNP is legal (ECAP.SC); leaves that are written then have it
 */
public record SecondStage(int levels, int oaBits, int largestLeaf, boolean accessedDirty, boolean snoopControl)
        implements PageTableFormat {

    private static final int PAGE_SHIFT = 12;
    private static final int INDEX_BITS = 9;
    private static final int SUPPORTED =
            Rights.READ | Rights.WRITE | Rights.USER | Attributes.ACCESSED | Attributes.DIRTY;

    /** Checks the parameters. */
    public SecondStage {
        if (levels < 3 || levels > 5) {
            throw new IllegalArgumentException("second-stage tables have 3 to 5 levels, not " + levels);
        }
        if (oaBits < 32 || oaBits > 52) {
            throw new IllegalArgumentException("physical addresses have 32 to 52 bits, not " + oaBits);
        }
        if (largestLeaf < 0 || largestLeaf > 2) {
            throw new IllegalArgumentException("second-stage leaves are at levels 0 to 2, not " + largestLeaf);
        }
    }

    @Override
    public String name() {
        return "VT-d second stage " + levels + "-level";
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
        return false;
    }

    @Override
    public boolean canBeLeaf(int level) {
        return level <= largestLeaf;
    }

    @Override
    public boolean isPresent(int level, long entry) {
        return SecondStageEntry.isPresent(entry) && (entry & reserved(level, entry)) == 0;
    }

    /** Bit 62 is left out: it is IW, TM or reserved, which depends on the revision and on RTADDR.SSIRWE. */
    private long reserved(int level, long entry) {
        long mask = ADDRESS_4K.mask() & -(1L << oaBits);
        if (!isLeaf(level, entry)) {
            return mask | SNP.mask();
        }
        return mask
                | (snoopControl ? 0 : SNP.mask())
                | (canBeLeaf(level) ? 0 : PS.mask())
                | (ADDRESS_4K.mask() & ((1L << indexShift(level)) - 1));
    }

    @Override
    public boolean isLeaf(int level, long entry) {
        return level == 0 || PS.isSet(entry);
    }

    @Override
    public long tableEntry(int level, long table) {
        return ADDRESS_4K.putAddress(R.mask() | W.mask(), inRange(table));
    }

    @Override
    public long tableAddress(int level, long entry) {
        return ADDRESS_4K.getAddress(entry);
    }

    @Override
    public int restrict(int level, long tableEntry, int attributes) {
        int taken = (R.isSet(tableEntry) ? 0 : Rights.READ) | (W.isSet(tableEntry) ? 0 : Rights.WRITE);
        return attributes & ~taken;
    }

    @Override
    public long leafEntry(int level, long oa, int attributes) {
        if (!canBeLeaf(level)) {
            throw new IllegalArgumentException(name() + " has no leaves at level " + level);
        }
        if ((oa & ((1L << indexShift(level)) - 1)) != 0) {
            throw new IllegalArgumentException(
                    String.format("0x%x is not aligned to a leaf of 2^%d bytes", oa, indexShift(level)));
        }
        long word = SNP.put(PS.encode(level > 0), snoopControl);
        return withAttributes(level, ADDRESS_4K.putAddress(word, inRange(oa)), attributes);
    }

    private long inRange(long address) {
        if ((address & -(1L << oaBits)) != 0) {
            throw new IllegalArgumentException(String.format("0x%x has more than %d bits", address, oaBits));
        }
        return address;
    }

    @Override
    public long leafAddress(int level, long entry) {
        return ADDRESS_4K.getAddress(entry) & -(1L << indexShift(level));
    }

    /** Without flags a leaf counts as accessed, and as dirty if it may be written. */
    @Override
    public int leafAttributes(int level, long entry) {
        int rights = Rights.USER | (R.isSet(entry) ? Rights.READ : 0) | (W.isSet(entry) ? Rights.WRITE : 0);
        if (!accessedDirty) {
            return Attributes.installed(rights);
        }
        return rights | (A.isSet(entry) ? Attributes.ACCESSED : 0) | (D.isSet(entry) ? Attributes.DIRTY : 0);
    }

    @Override
    public long withAttributes(int level, long entry, int attributes) {
        Attributes.check(this, attributes, SUPPORTED, Rights.USER);
        if ((attributes & (Rights.READ | Rights.WRITE)) == 0) {
            throw new IllegalArgumentException(name() + " has no leaf without a right: it would not be present");
        }
        long word = R.put(entry, (attributes & Rights.READ) != 0);
        word = W.put(word, (attributes & Rights.WRITE) != 0);
        if (!accessedDirty) {
            if (attributes != leafAttributes(level, word)) {
                throw new IllegalArgumentException(name() + " without flags has no leaf with attributes "
                        + Attributes.toString(attributes) + ": it is accessed, and dirty if it is writable");
            }
            return word;
        }
        word = A.put(word, (attributes & Attributes.ACCESSED) != 0);
        return D.put(word, (attributes & Attributes.DIRTY) != 0);
    }

    @Override
    public long withoutAccessed(int level, long entry) {
        return accessedDirty ? A.clear(entry) : entry;
    }

    @Override
    public long withoutDirty(int level, long entry) {
        return accessedDirty ? D.clear(entry) : entry;
    }
}
