package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.IdRegisters.AIDR_ARCH_MINOR_REV;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_ASID16;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_ATS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_CD2L;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_MSI;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_PRI;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_S1P;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_STALL_MODEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_ST_LEVEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_TERM_MODEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_TTF;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_SSIDSIZE;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3_HAD;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3_PPS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3_RIL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3_STT;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_GRAN16K;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_GRAN4K;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_GRAN64K;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_OAS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_STALL_MAX;

import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.Granule;

/** The ID registers taken apart once, for the checks that depend on them. Immutable. */
final class Features {
    final IdRegisters ids;
    final boolean stage1;
    final boolean aarch64;
    final boolean ats;
    final boolean pri;
    final boolean msi;
    final boolean asid16;
    final boolean twoLevelContexts;
    final boolean twoLevelStreams;
    final boolean rangeInvalidation;
    final boolean hierarchicalAttributeDisable;
    final boolean smallTables;
    final boolean autoResponsePasid;
    final int stallModel;
    final int stallMax;
    final boolean abortOnly;
    final int ssidSize;
    final int outputBits;

    /** From v3.1 on, addresses and sizes out of range are ILLEGAL instead of CONSTRAINED UNPREDICTABLE. */
    final boolean checksRanges;

    Features(IdRegisters ids) {
        this.ids = ids;
        this.stage1 = IDR0_S1P.isSet(ids.idr0());
        this.aarch64 = IDR0_TTF.get(ids.idr0()) >= 2;
        this.ats = IDR0_ATS.isSet(ids.idr0());
        this.pri = ats && IDR0_PRI.isSet(ids.idr0());
        this.msi = IDR0_MSI.isSet(ids.idr0());
        this.asid16 = IDR0_ASID16.isSet(ids.idr0());
        this.twoLevelContexts = IDR0_CD2L.isSet(ids.idr0());
        this.twoLevelStreams = IDR0_ST_LEVEL.get(ids.idr0()) != 0;
        this.rangeInvalidation = IDR3_RIL.isSet(ids.idr3());
        this.hierarchicalAttributeDisable = IDR3_HAD.isSet(ids.idr3());
        this.smallTables = IDR3_STT.isSet(ids.idr3());
        this.autoResponsePasid = IDR3_PPS.isSet(ids.idr3());
        this.stallModel = (int) IDR0_STALL_MODEL.get(ids.idr0());
        this.stallMax = (int) Math.max(1, IDR5_STALL_MAX.get(ids.idr5()));
        this.abortOnly = IDR0_TERM_MODEL.isSet(ids.idr0());
        this.ssidSize = (int) IDR1_SSIDSIZE.get(ids.idr1());
        this.outputBits = AddressSize.bits(IDR5_OAS.get(ids.idr5()));
        this.checksRanges = AIDR_ARCH_MINOR_REV.get(ids.aidr()) >= 1;
    }

    /** Whether the walk reads tables of this granule. */
    boolean has(Granule granule) {
        return switch (granule) {
            case KIB_4 -> IDR5_GRAN4K.isSet(ids.idr5());
            case KIB_16 -> IDR5_GRAN16K.isSet(ids.idr5());
            case KIB_64 -> IDR5_GRAN64K.isSet(ids.idr5());
        };
    }
}
