package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.vendor.smmu.layout.Granule;
import dev.sva4j.vendor.smmu.layout.TlbiCommands;
import dev.sva4j.vendor.smmu.layout.TlbiRange;

/**
 * Which TLB invalidation commands cover a range of addresses of one ASID (IHI 0070 §4; {@code
 * arm_smmu_tlb_inv_range_domain}).
 *
 * <p>There is never a level hint: a process mixes pages and blocks, and an entry at another level than the hint says
 * need not go.
 */
final class TlbiPlan {
    /** Stage 2 is not used, so the only VMID is 0. */
    static final int VMID = 0;

    private final boolean hasRanges;

    TlbiPlan(boolean hasRanges) {
        this.hasRanges = hasRanges;
    }

    /** Every entry of an ASID. */
    static CommandBatch asid(int asid) {
        return CommandBatch.of(TlbiCommands.nhAsidWord0(VMID, asid), 0);
    }

    /**
     * At least the entries of {@code [start, last]}, which is not empty.
     *
     * @param leafOnly whether walker caches may keep what they have
     */
    CommandBatch range(int asid, Granule granule, long start, long last, boolean leafOnly) {
        long firstPage = Long.divideUnsigned(start, granule.bytes());
        long pages = Long.divideUnsigned(last, granule.bytes()) - firstPage + 1;
        if (pages >= limit(granule)) {
            return asid(asid);
        }
        return hasRanges
                ? ranges(asid, granule, firstPage, pages, leafOnly)
                : singles(asid, granule, firstPage, pages, leafOnly);
    }

    /**
     * From so many pages on one command for the whole ASID is cheaper than one per page: a full table of them, as in
     * Linux ({@code CMDQ_MAX_TLBI_OPS}). With ranges a few commands cover anything up to what SCALE expresses in the
     * five bits that implementations in the field read.
     */
    private long limit(Granule granule) {
        return hasRanges ? 1L << Integer.SIZE : 1L << granule.stride();
    }

    private static CommandBatch singles(int asid, Granule granule, long firstPage, long pages, boolean leafOnly) {
        CommandBatch batch = new CommandBatch();
        long word0 = TlbiCommands.nhVaWord0(VMID, asid);
        for (long page = 0; page < pages; page++) {
            batch.add(word0, TlbiCommands.addressWord1((firstPage + page) * granule.bytes(), leafOnly));
        }
        return batch;
    }

    private static CommandBatch ranges(int asid, Granule granule, long firstPage, long pages, boolean leafOnly) {
        CommandBatch batch = new CommandBatch();
        long word0 = TlbiCommands.nhVaWord0(VMID, asid);
        long left = TlbiRange.avoidReserved(pages);
        long page = keptInside(granule, firstPage, left);
        while (left > 0) {
            long word1 = TlbiCommands.addressWord1(page * granule.bytes(), leafOnly);
            batch.add(TlbiRange.withGranules(word0, left), TlbiRange.withHint(word1, granule, 0));
            long covered = TlbiRange.granules(left);
            page += covered;
            left -= covered;
        }
        return batch;
    }

    /** The page that was added to dodge a reserved encoding must not lie beyond the top of the address space. */
    private static long keptInside(Granule granule, long firstPage, long pages) {
        long topPage = Long.divideUnsigned(-1L, granule.bytes());
        return Math.min(firstPage, topPage - pages + 1);
    }
}
