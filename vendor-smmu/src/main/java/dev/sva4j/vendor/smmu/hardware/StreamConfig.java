package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.CONFIG;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.CONFIG_BYPASS;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.CONFIG_S1_TRANSLATE;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.EATS;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.EATS_FULL;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.EATS_SPLIT_STAGE;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.PPAR;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.S1CD_MAX;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.S1DSS;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.S1DSS_BYPASS;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.S1DSS_SUBSTREAM0;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.S1STALLD;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.S1_CONTEXT_PTR;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.S1_FMT;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.STRW;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.V;

import dev.sva4j.spi.Pasid;
import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.ContextDescriptorTable;
import dev.sva4j.vendor.smmu.layout.EventId;

/** A Stream Table Entry as the translation uses it (§5.2), or why there is none. Immutable. */
final class StreamConfig {
    /** What becomes of the traffic of a stream. */
    enum Kind {
        /** There is no usable entry: {@link #fault} says why. */
        FAULTY,
        /** Config 0xx: aborts, and nobody is told. */
        ABORT,
        /** Config 100. */
        BYPASS,
        /** Config 101. */
        STAGE1
    }

    /** The answer of {@link #context} for traffic that bypasses stage 1. */
    static final long BYPASS_STAGE1 = Long.MAX_VALUE;

    final int sid;
    final Kind kind;

    /** The fault of every transaction of the stream, if it is {@link Kind#FAULTY}. */
    final long fault;

    /** ATS translation requests are served and translated transactions pass; the effective EATS is 0 otherwise. */
    final boolean ats;

    /** Automatic page responses carry the PASID. */
    final boolean ppar;

    /** S1STALLD: no CD may stall. */
    final boolean stallsForbidden;

    final long contextPtr;
    final int cdMax;
    final int format;
    private final int dss;

    private StreamConfig(int sid, Kind kind, long fault, long word0, long word1, Features features) {
        this.sid = sid;
        this.kind = kind;
        this.fault = fault;
        boolean stage1 = kind == Kind.STAGE1;
        this.ats = stage1 && features.ats && EATS.get(word1) == EATS_FULL;
        this.ppar = kind != Kind.FAULTY && PPAR.isSet(word1);
        this.stallsForbidden = stage1 && S1STALLD.isSet(word1);
        this.contextPtr = stage1 ? S1_CONTEXT_PTR.getAddress(word0) : 0;
        this.cdMax = stage1 && features.ssidSize > 0 ? (int) S1CD_MAX.get(word0) : 0;
        this.format = stage1 ? (int) S1_FMT.get(word0) : 0;
        this.dss = stage1 ? (int) S1DSS.get(word1) : 0;
    }

    /** A stream without an entry. */
    static StreamConfig faulty(int sid, long fault, Features features) {
        return new StreamConfig(sid, Kind.FAULTY, fault, 0, 0, features);
    }

    /** Takes an entry apart and checks it. */
    static StreamConfig decode(int sid, long[] ste, Features features) {
        if (!V.isSet(ste[V.word()])) {
            return faulty(sid, Fault.of(EventId.C_BAD_STE), features);
        }
        int config = (int) CONFIG.get(ste[0]);
        if (config < CONFIG_BYPASS) {
            return new StreamConfig(sid, Kind.ABORT, 0, ste[0], ste[1], features);
        }
        if (isIllegal(config, ste[0], ste[1], features)) {
            return faulty(sid, Fault.of(EventId.C_BAD_STE), features);
        }
        Kind kind = config == CONFIG_BYPASS ? Kind.BYPASS : Kind.STAGE1;
        return new StreamConfig(sid, kind, 0, ste[0], ste[1], features);
    }

    /** The ILLEGAL rules of §5.2 that remain without stage 2, EL2 and AArch32. */
    private static boolean isIllegal(int config, long word0, long word1, Features features) {
        if (config == CONFIG_BYPASS) {
            return false;
        }
        if (config != CONFIG_S1_TRANSLATE || !features.stage1) {
            return true;
        }
        return hasIllegalContextTable(word0, features)
                // Whether streams may stall is settled for all of them unless the model is "stall and terminate".
                || (S1STALLD.isSet(word1) && features.stallModel != 0)
                // x1 is reserved in the Non-secure state. Value 2, EL2, is RES0 without EL2 and taken as NS-EL1.
                || STRW.get(word1) % 2 == 1
                // Split-stage ATS needs both stages.
                || (features.ats && EATS.get(word1) == EATS_SPLIT_STAGE);
    }

    private static boolean hasIllegalContextTable(long word0, Features features) {
        int cdMax = (int) S1CD_MAX.get(word0);
        return cdMax > features.ssidSize
                || (!features.twoLevelContexts && ContextDescriptorTable.isTwoLevel(cdMax, (int) S1_FMT.get(word0)))
                || (features.checksRanges && !AddressSize.fits(S1_CONTEXT_PTR.getAddress(word0), features.outputBits));
    }

    /**
     * Which context descriptor serves a transaction of a {@link Kind#STAGE1} stream (§3.9, S1DSS).
     *
     * @param ssid SubstreamID, or {@link Pasid#NONE} if the transaction has none (SSV = 0)
     * @return its index in the table, {@link #BYPASS_STAGE1}, or a {@link Fault}
     */
    long context(int ssid) {
        if (ssid == Pasid.NONE) {
            if (cdMax == 0 || dss == S1DSS_SUBSTREAM0) {
                return 0;
            }
            return dss == S1DSS_BYPASS ? BYPASS_STAGE1 : Fault.of(EventId.F_STREAM_DISABLED);
        }
        if (cdMax == 0 || !ContextDescriptorTable.contains(ssid, cdMax)) {
            return Fault.of(EventId.C_BAD_SUBSTREAMID);
        }
        return ssid == 0 && dss == S1DSS_SUBSTREAM0 ? Fault.of(EventId.F_STREAM_DISABLED) : ssid;
    }
}
