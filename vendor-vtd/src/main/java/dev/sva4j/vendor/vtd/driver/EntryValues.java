package dev.sva4j.vendor.vtd.driver;

import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.AW;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.DID;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.FPD;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.FSPM;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.FSPTPTR;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.LAYOUT;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.P;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.PGTT;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.PWSNP;

import dev.sva4j.spi.pagetable.X86_64;
import dev.sva4j.vendor.vtd.layout.AddressWidth;
import dev.sva4j.vendor.vtd.layout.PasidTableEntry;
import dev.sva4j.vendor.vtd.layout.ScalableContextEntry;

/** The context entries and PASID table entries that a device goes through (VT-d 9.4, 9.6). */
final class EntryValues {
    private static final int FIVE_LEVELS = 5;

    private final Features features;

    EntryValues(Features features) {
        this.features = features;
    }

    /**
     * Word 0 of a context entry. FPD stays 0: whose faults are not worth a record, each PASID says for itself. The others
     * words are 0: RID_PASID is {@link Bond#RID_PASID}, and untagged requests are a user's (RID_PRIV = 0).
     *
     * @param ats whether ATS is allowed
     * @param pageRequests whether page requests are; without ATS they would make the entry invalid (SCT.4)
     */
    long contextEntry(PasidDirectory pasids, boolean ats, boolean pageRequests) {
        long word0 = ScalableContextEntry.PASIDDIRPTR.encodeAddress(pasids.root());
        word0 = ScalableContextEntry.PDTS.put(word0, pasids.pdts());
        word0 = ScalableContextEntry.DTE.put(word0, ats);
        // Reserved without ECAP.PASID, and then no device has PASIDs.
        word0 = ScalableContextEntry.PASIDE.put(word0, pasids.pasidBits() > 0);
        word0 = ScalableContextEntry.PRE.put(word0, ats && pageRequests);
        return ScalableContextEntry.P.put(word0, true);
    }

    /** The entry of a PASID that translates through a context, or passes what is untagged through. */
    long[] present(VtdContext context) {
        X86_64 format = context.format();
        return format == null ? passThrough(context.did()) : firstStage(format, context.root(), context.did());
    }

    /**
     * First stage as {@code intel_pasid_setup_first_level} programs it for SVA: user requests only (SRE = 0), no extended
     * accessed flags. Walks snoop if they can; the CPU writes the tables.
     *
     * <p>AW is the second stage's. The manual reserves it without ECAP.SSTS, but Linux writes it always, hardware does not
     * look, and QEMU checks addresses by it.
     */
    long[] firstStage(X86_64 format, long root, int did) {
        boolean fiveLevels = format.levels() == FIVE_LEVELS;
        long[] entry = common(PasidTableEntry.PGTT_FIRST_STAGE, did);
        AW.encodeInto(entry, fiveLevels ? AddressWidth.BITS_57 : AddressWidth.BITS_48);
        FSPM.encodeInto(entry, fiveLevels ? PasidTableEntry.FSPM_5_LEVEL : PasidTableEntry.FSPM_4_LEVEL);
        FSPTPTR.encodeInto(entry, root);
        return entry;
    }

    /** Pass-through as {@code intel_pasid_setup_pass_through} programs it. */
    long[] passThrough(int did) {
        long[] entry = common(PasidTableEntry.PGTT_PASS_THROUGH, did);
        AW.encodeInto(entry, AddressWidth.BITS_48);
        return entry;
    }

    private long[] common(int pgtt, int did) {
        long[] entry = empty();
        P.encodeInto(entry, 1);
        PGTT.encodeInto(entry, pgtt);
        DID.encodeInto(entry, did);
        PWSNP.encodeInto(entry, features.canSnoopWalks() ? 1 : 0);
        return entry;
    }

    /** No entry: requests are blocked and recorded as SPT.2. */
    static long[] empty() {
        return new long[LAYOUT.words()];
    }

    /** Word 0 of an entry that is not present any more; the rest stays consistent for a fetch that is under way. */
    static long cleared(long word0) {
        return FPD.clear(P.clear(word0));
    }

    /** The same, and what it blocks is not recorded: FPD counts without P. The other words are 0. */
    static long quiet(long word0) {
        return FPD.put(P.clear(word0), true);
    }

    /** Word 0 of a quiet entry with nothing else in it. */
    static long quiet() {
        return quiet(0);
    }
}
