package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.FrameAllocator;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.X86_64;
import dev.sva4j.vendor.vtd.layout.AddressBlock;
import dev.sva4j.vendor.vtd.layout.PasidTableEntry;

/** Which page tables a PASID table entry can describe as first stage. */
final class Formats {
    private static final int FOUR_LEVELS = 4;
    private static final int FIVE_LEVELS = 5;
    private static final int OUTPUT_BITS = 52;

    private Formats() {}

    /**
     * The first reason why this unit cannot walk tables of this format, or an empty text. The conditions are those of
     * {@code intel_svm_check}.
     */
    static String obstacle(PageTableFormat format, Features features) {
        if (!(format instanceof X86_64 tables)) {
            return format.name() + " is not x86-64";
        } else if (tables.gigabyteLeaves() && !features.hasGigabyteLeaves()) {
            return "CAP.FS1GP is 0: no 1 GiB leaves as " + format.name() + " may have";
        } else if (tables.levels() == FIVE_LEVELS && !features.hasFiveLevels()) {
            return "CAP.FS5LP is 0: no 5-level tables";
        }
        return "";
    }

    /** The widest that needs nothing but first-stage translation. */
    static X86_64 forDomains(Features features) {
        return new X86_64(FOUR_LEVELS, OUTPUT_BITS, features.hasGigabyteLeaves());
    }

    /** Whether FSPTPTR can hold the address. */
    static boolean isRoot(long root) {
        return PasidTableEntry.FSPTPTR.getAddress(root) == root
                && AddressBlock.contains(0, OUTPUT_BITS - FrameAllocator.FRAME_SHIFT, root);
    }
}
