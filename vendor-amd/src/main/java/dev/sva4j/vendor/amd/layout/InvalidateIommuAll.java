package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.StructLayout;

/** INVALIDATE_IOMMU_ALL (AMD-Vi 2.4): everything cached is dropped, but nothing in the TLBs of devices. Word 1 is 0. */
public final class InvalidateIommuAll {

    static final int OPCODE = 8;

    public static final StructLayout LAYOUT =
            CommandLayout.builder("INVALIDATE_IOMMU_ALL").build();

    private InvalidateIommuAll() {}

    public static long word0() {
        return CommandLayout.word0(OPCODE);
    }
}
