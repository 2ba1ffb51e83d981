package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.IommuCapabilities.Feature;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.Granule;
import dev.sva4j.vendor.smmu.layout.IdRegisters;
import java.util.EnumSet;
import java.util.Set;

/**
 * What this SMMU can do, read once from its ID registers (IHI 0070 §6). Every choice of bits is made from
 * here, so that the same driver runs on an implementation without substreams, stalls, ATS or messages.
 */
record Features(long idr0, long idr1, long idr3, long idr5) {
    /**
     * log2 of the commands that the Command queue holds. 256 of them are 4 KiB, one frame, and several times the
     * longest run of commands that is issued at once ({@link CommandQueue#LONGEST_RUN}).
     */
    private static final int COMMAND_QUEUE_SHIFT = 8;

    /**
     * log2 of the events: 128 of 32 bytes are one frame. Stalled transactions wait for room, so more would only smooth
     * bursts.
     */
    private static final int EVENT_QUEUE_SHIFT = 7;

    /**
     * log2 of the page requests: as many as events. Devices have credits; the queue overflows only if those are many.
     */
    private static final int PRI_QUEUE_SHIFT = 7;

    /** IPS of 52 bits; IDR5.OAS knows one more. */
    private static final int WIDEST_IPS_BITS = 52;

    private static final int TTF_AARCH64 = 2;
    private static final int TTF_BOTH = 3;

    /**
     * Reads the ID registers.
     *
     * @throws dev.sva4j.api.SvaException UNSUPPORTED with the first thing that this driver cannot do without
     */
    static Features probe(Unit unit) {
        Features features = new Features(
                unit.read(IdRegisters.IDR0),
                unit.read(IdRegisters.IDR1),
                unit.read(IdRegisters.IDR3),
                unit.read(IdRegisters.IDR5));
        String missing = features.firstMissing();
        if (!missing.isEmpty()) {
            throw unit.refusal(SvaError.UNSUPPORTED, missing);
        }
        return features;
    }

    private String firstMissing() {
        long ttf = IdRegisters.IDR0_TTF.get(idr0);
        if (!IdRegisters.IDR0_S1P.isSet(idr0)) {
            return "IDR0.S1P is 0: no stage 1 translation";
        } else if (ttf != TTF_AARCH64 && ttf != TTF_BOTH) {
            return "IDR0.TTF is " + ttf + ": no AArch64 tables";
        } else if (IdRegisters.IDR0_TTENDIAN.get(idr0) == IdRegisters.TTENDIAN_BIG) {
            return "IDR0.TTENDIAN is " + IdRegisters.TTENDIAN_BIG + ": no little-endian tables";
        } else if (stallModel() > IdRegisters.STALL_MODEL_STALL_FORCED) {
            return "IDR0.STALL_MODEL is " + stallModel() + ", which is reserved";
        } else if (!IdRegisters.IDR5_GRAN4K.isSet(idr5)) {
            return "IDR5.GRAN4K is 0: no 4 KiB granule";
        } else if (IdRegisters.IDR1_TABLES_PRESET.isSet(idr1) || IdRegisters.IDR1_QUEUES_PRESET.isSet(idr1)) {
            return "IDR1.TABLES_PRESET or QUEUES_PRESET is 1: tables and queues cannot be placed";
        } else if (IdRegisters.IDR1_CMDQS.get(idr1) < 1) {
            return "IDR1.CMDQS is 0: no room for a command and its CMD_SYNC";
        } else if (IdRegisters.IDR1_EVENTQS.get(idr1) < 1) {
            return "IDR1.EVENTQS is 0: an Event queue of one record loses all but one";
        }
        return "";
    }

    /**
     * What core is told. Accessed and dirty bits are software's: CDs for processes leave HA and HD 0, as Linux does.
     */
    IommuCapabilities capabilities() {
        Set<Feature> features = EnumSet.of(Feature.UNTAGGED_PROCESS);
        addIf(features, Feature.COHERENT_WALK, isCoherent());
        addIf(features, Feature.ATS, hasAts());
        addIf(features, Feature.PRI, hasPri());
        addIf(features, Feature.STALL, canStall());
        addIf(features, Feature.RANGE_INVALIDATION, hasRangeInvalidation());
        // Where stalls are forced a CD must keep S = 1, and stalled transactions are always recorded.
        addIf(features, Feature.SILENT_QUIESCE, !mustStall());
        addIf(features, Feature.MESSAGE_INTERRUPTS, hasMessages());
        return new IommuCapabilities(substreamBits(), inputBits(), outputBits(), features);
    }

    private static void addIf(Set<Feature> features, Feature feature, boolean present) {
        if (present) {
            features.add(feature);
        }
    }

    boolean isCoherent() {
        return IdRegisters.IDR0_COHACC.isSet(idr0);
    }

    boolean hasAts() {
        return IdRegisters.IDR0_ATS.isSet(idr0);
    }

    /** IDR0.PRI is RES0 without ATS. */
    boolean hasPri() {
        return hasAts() && IdRegisters.IDR0_PRI.isSet(idr0);
    }

    boolean hasMessages() {
        return IdRegisters.IDR0_MSI.isSet(idr0);
    }

    boolean hasRangeInvalidation() {
        return IdRegisters.IDR3_RIL.isSet(idr3);
    }

    boolean hasTwoLevelCdTables() {
        return IdRegisters.IDR0_CD2L.isSet(idr0);
    }

    boolean hasTwoLevelStreamTable() {
        return IdRegisters.IDR0_ST_LEVEL.get(idr0) != IdRegisters.ST_LEVEL_LINEAR;
    }

    /** Whether CD.S may be 1. */
    boolean canStall() {
        return stallModel() != IdRegisters.STALL_MODEL_TERMINATE_ONLY;
    }

    /** Whether CD.S must be 1. */
    boolean mustStall() {
        return stallModel() == IdRegisters.STALL_MODEL_STALL_FORCED;
    }

    /** Whether STE.S1STALLD may be 1: elsewhere it makes the STE ILLEGAL (IHI 0070 §5.2). */
    boolean canForbidStall() {
        return stallModel() == IdRegisters.STALL_MODEL_STALL_AND_TERMINATE;
    }

    /** Stalled transactions that can be recorded at the same time. */
    int stallMax() {
        return (int) IdRegisters.IDR5_STALL_MAX.get(idr5);
    }

    boolean updatesDirtyState() {
        return IdRegisters.IDR0_HTTU.get(idr0) >= IdRegisters.HTTU_ACCESS_AND_DIRTY;
    }

    boolean hasGranule(Granule granule) {
        return switch (granule) {
            case KIB_4 -> IdRegisters.IDR5_GRAN4K.isSet(idr5);
            case KIB_16 -> IdRegisters.IDR5_GRAN16K.isSet(idr5);
            case KIB_64 -> IdRegisters.IDR5_GRAN64K.isSet(idr5);
        };
    }

    /** Whether 4 KiB and 16 KiB tables may hold 52-bit addresses (CD.DS). */
    boolean hasWideDescriptors() {
        return IdRegisters.IDR5_DS.isSet(idr5);
    }

    int streamBits() {
        return (int) IdRegisters.IDR1_SIDSIZE.get(idr1);
    }

    /** Bits of a SubstreamID, which is the PASID; 0 means that there are none. */
    int substreamBits() {
        return (int) IdRegisters.IDR1_SSIDSIZE.get(idr1);
    }

    int asidBits() {
        return IdRegisters.IDR0_ASID16.isSet(idr0) ? 16 : 8;
    }

    int inputBits() {
        return IdRegisters.IDR5_VAX.get(idr5) == 0 ? 48 : 52;
    }

    int outputBits() {
        return AddressSize.bits(IdRegisters.IDR5_OAS.get(idr5));
    }

    /** CD.IPS for tables whose addresses have up to {@code bits} bits: never more than the implementation puts out. */
    int ips(int bits) {
        return AddressSize.encoding(Math.min(Math.min(bits, WIDEST_IPS_BITS), outputBits()));
    }

    int commandQueueShift() {
        return (int) Math.min(COMMAND_QUEUE_SHIFT, IdRegisters.IDR1_CMDQS.get(idr1));
    }

    int eventQueueShift() {
        return (int) Math.min(EVENT_QUEUE_SHIFT, IdRegisters.IDR1_EVENTQS.get(idr1));
    }

    int priQueueShift() {
        return (int) Math.min(PRI_QUEUE_SHIFT, IdRegisters.IDR1_PRIQS.get(idr1));
    }

    private long stallModel() {
        return IdRegisters.IDR0_STALL_MODEL.get(idr0);
    }
}
