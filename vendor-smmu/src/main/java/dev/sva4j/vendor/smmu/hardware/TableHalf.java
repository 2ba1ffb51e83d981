package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.EPD0;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.EPD1;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.HAD0;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.HAD1;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.TBI0;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.TBI1;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.TG0;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.TG1;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.TTB0;
import static dev.sva4j.vendor.smmu.layout.ContextDescriptor.TTB1;

import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.Granule;
import org.jspecify.annotations.Nullable;

/**
 * One half of the input addresses of a CD: TTB0 below, TTB1 above (§5.4; DDI 0487 D8.2).
 *
 * @param enabled EPDx = 0: walks are allowed. Otherwise nothing but {@code ignoreTopByte} is looked at
 * @param granule TGx, or null for its reserved encoding
 * @param inputBits 64 − TxSZ
 * @param table TTBx as written
 * @param ignoreTopByte TBIx
 * @param ignoreHierarchy HADx: attributes of table descriptors have no effect
 */
record TableHalf(
        boolean enabled,
        @Nullable Granule granule,
        int inputBits,
        long table,
        boolean ignoreTopByte,
        boolean ignoreHierarchy) {

    /** EPDx = 1. */
    static final TableHalf DISABLED = new TableHalf(false, null, 0, 0, false, false);

    private static final int LARGEST_INPUT = 48;
    private static final int SMALLEST_INPUT = 25;
    private static final int SMALLEST_INPUT_STT = 16;
    private static final int SMALLEST_INPUT_STT_64K = 17;

    static TableHalf lower(long word0, long word1, Features features) {
        boolean hierarchyDisabled = features.hierarchicalAttributeDisable && HAD0.isSet(word1);
        return new TableHalf(
                !EPD0.isSet(word0),
                Granule.ofTg0(TG0.get(word0)),
                ContextDescriptor.inputBits0(word0),
                TTB0.getAddress(word1),
                TBI0.isSet(word0),
                hierarchyDisabled);
    }

    static TableHalf upper(long word0, long word2, Features features) {
        boolean hierarchyDisabled = features.hierarchicalAttributeDisable && HAD1.isSet(word2);
        return new TableHalf(
                !EPD1.isSet(word0),
                Granule.ofTg1(TG1.get(word0)),
                ContextDescriptor.inputBits1(word0),
                TTB1.getAddress(word2),
                TBI1.isSet(word0),
                hierarchyDisabled);
    }

    /** Whether hardware accepts this half; with EPDx = 1 nothing of it is checked. */
    boolean isLegal(int outputBits, Features features) {
        if (!enabled) {
            return true;
        }
        if (granule == null || !features.has(granule)) {
            return false;
        }
        int smallest = SMALLEST_INPUT;
        if (features.smallTables) {
            smallest = granule == Granule.KIB_64 ? SMALLEST_INPUT_STT_64K : SMALLEST_INPUT_STT;
        }
        return inputBits >= smallest && inputBits <= LARGEST_INPUT && AddressSize.fits(table, outputBits);
    }
}
