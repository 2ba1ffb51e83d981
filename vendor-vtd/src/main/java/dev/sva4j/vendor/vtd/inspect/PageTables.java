package dev.sva4j.vendor.vtd.inspect;

import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.spi.pagetable.X86_64;
import dev.sva4j.vendor.vtd.layout.AddressWidth;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import dev.sva4j.vendor.vtd.layout.SecondStage;
import java.util.function.IntUnaryOperator;

/**
 * The page tables of one stage, and how they are to be read.
 *
 * @param format how entries are read
 * @param root physical address of the top table
 * @param last the highest address that is translated
 * @param rights from attributes of a leaf to what a request may do
 */
record PageTables(PageTableFormat format, long root, long last, IntUnaryOperator rights) {
    private static final int LARGEST_LEAF_1G = 2;
    private static final int LARGEST_LEAF_2M = 1;

    /** First stage. Nothing executes, whatever XD says: execute requests went with revision 4.1. */
    static PageTables first(
            long root, boolean fiveLevels, boolean supervisor, boolean writeProtect, ImageRegisters registers) {
        X86_64 format = new X86_64(
                fiveLevels ? 5 : 4, ImageRegisters.HOST_ADDRESS_BITS, CapabilityRegister.FS1GP.isSet(registers.cap()));
        return new PageTables(format, root, -1L, attributes -> rights(attributes, supervisor, writeProtect));
    }

    /** VT-d 3.6.1: a supervisor's leaf is for supervisor requests alone, if SRE lets any in; WPE makes R/W count for them. */
    private static int rights(int attributes, boolean supervisor, boolean writeProtect) {
        int rights = attributes & (Rights.READ | Rights.WRITE | Rights.USER);
        if ((rights & Rights.USER) != 0) {
            return rights;
        }
        if (!supervisor) {
            return Rights.NONE;
        }
        return writeProtect ? rights : rights | Rights.WRITE;
    }

    /** Second stage. An address beyond MGAW is as little translated as one beyond the table. */
    static PageTables second(long root, long aw, boolean accessedDirty, ImageRegisters registers) {
        int largest = CapabilityRegister.secondStage1G(registers.cap())
                ? LARGEST_LEAF_1G
                : CapabilityRegister.secondStage2M(registers.cap()) ? LARGEST_LEAF_2M : 0;
        SecondStage format = new SecondStage(
                AddressWidth.levels(aw),
                ImageRegisters.HOST_ADDRESS_BITS,
                largest,
                accessedDirty,
                ExtendedCapabilityRegister.SC.isSet(registers.ecap()));
        int bits = Math.min(format.vaBits(), CapabilityRegister.guestAddressBits(registers.cap()));
        return new PageTables(format, root, (1L << bits) - 1, attributes -> attributes & Rights.ALL);
    }
}
