package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.Granule;

/** Which page tables a CD can describe. */
final class Formats {
    private static final int WIDE_BITS = 52;
    private static final int NARROW_INPUT_BITS = 48;
    private static final int NORMAL_WRITE_BACK = 0xFF;

    private Formats() {}

    static Granule granule(Vmsav8_64 format) {
        return switch (format.granule()) {
            case SIZE_4K -> Granule.KIB_4;
            case SIZE_16K -> Granule.KIB_16;
            case SIZE_64K -> Granule.KIB_64;
        };
    }

    /** 64 KiB tables have room for 52 address bits as they are; the others need CD.DS. */
    static boolean needsWideDescriptors(Vmsav8_64 format) {
        return format.oaBits() == WIDE_BITS && format.granule() != Vmsav8_64.Granule.SIZE_64K;
    }

    /**
     * The first reason why this SMMU cannot walk tables of this format in this memory, or an empty text. The conditions
     * are those of {@code arm_smmu_sva_supported}, as far as they are about tables.
     */
    static String obstacle(PageTableFormat format, Features features, PhysicalMemory memory) {
        if (!(format instanceof Vmsav8_64 tables)) {
            return format.name() + " is not VMSAv8-64";
        } else if (!features.hasGranule(granule(tables))) {
            return "IDR5 has no granule " + granule(tables) + " as " + format.name() + " needs";
        } else if (tables.vaBits() > NARROW_INPUT_BITS && features.inputBits() < tables.vaBits()) {
            return "IDR5.VAX is 0: no " + tables.vaBits() + "-bit addresses";
        } else if (tables.oaBits() == WIDE_BITS && features.outputBits() < WIDE_BITS) {
            return "IDR5.OAS is " + features.outputBits() + " bits: no 52-bit descriptors";
        } else if (needsWideDescriptors(tables) && !features.hasWideDescriptors()) {
            return "IDR5.DS is 0: no 52-bit descriptors with " + granule(tables);
        } else if (tables.hardwareDirty() && !features.updatesDirtyState()) {
            return "IDR0.HTTU says that hardware does not manage dirty state";
        } else if (ContextDescriptor.memoryAttribute(CdValues.MEMORY_ATTRIBUTES, tables.attrIndx())
                != NORMAL_WRITE_BACK) {
            return "AttrIndx " + tables.attrIndx() + " is not Normal write-back memory";
        } else if (!memory.ranges().stream().allMatch(range -> AddressSize.fits(range.last(), features.outputBits()))) {
            return "memory reaches beyond the " + features.outputBits() + " bits of IDR5.OAS";
        }
        return "";
    }
}
