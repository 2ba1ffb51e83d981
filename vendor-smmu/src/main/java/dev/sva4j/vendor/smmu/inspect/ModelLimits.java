package dev.sva4j.vendor.smmu.inspect;

import static dev.sva4j.vendor.smmu.layout.IdRegisters.HTTU_NONE;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_HTTU;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_S2P;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_TTENDIAN;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_TTF;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.TTENDIAN_LITTLE;

import dev.sva4j.vendor.smmu.hardware.IdRegisters;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import org.jspecify.annotations.Nullable;

/**
 * What the machine of an image could do and our hardware half cannot. To that half an entry which asks for it is
 * ILLEGAL; to say so of the machine would be wrong.
 */
final class ModelLimits {
    private static final int TTF_AARCH32 = 1;

    private final IdRegisters machine;

    ModelLimits(IdRegisters machine) {
        this.machine = machine;
    }

    /** Why the hardware half refuses this entry although the machine did not; null if the machine refused it, too. */
    @Nullable
    String reasonToRefuse(StreamEntry stream) {
        boolean stage2 = stream.config() == StreamTableEntry.CONFIG_S2_TRANSLATE
                || stream.config() == StreamTableEntry.CONFIG_NESTED;
        return stage2 && IDR0_S2P.isSet(machine.idr0()) ? "stage 2" : null;
    }

    /** As {@link #reasonToRefuse(StreamEntry)}, for a context descriptor. */
    @Nullable
    String reasonToRefuse(ContextEntry context) {
        if (context.updatesTables() && IDR0_HTTU.get(machine.idr0()) != HTTU_NONE) {
            return "hardware update of access flags";
        }
        if (context.isBigEndian() && IDR0_TTENDIAN.get(machine.idr0()) != TTENDIAN_LITTLE) {
            return "big-endian tables";
        }
        if (!context.isAarch64() && (IDR0_TTF.get(machine.idr0()) & TTF_AARCH32) != 0) {
            return "AArch32 tables";
        }
        return null;
    }
}
