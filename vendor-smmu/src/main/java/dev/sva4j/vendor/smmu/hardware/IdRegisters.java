package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.IdRegisters.AIDR_ARCH_MINOR_REV;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_ASID16;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_ATS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_CD2L;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_COHACC;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_MSI;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_NS1ATS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_PRI;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_S1P;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_STALL_MODEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_ST_LEVEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_TERM_MODEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_TTENDIAN;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_TTF;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_ATTR_TYPES_OVR;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_CMDQS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_EVENTQS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_PRIQS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_SIDSIZE;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_SSIDSIZE;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3_BBML;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3_HAD;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3_PPS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3_RIL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3_STT;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_GRAN16K;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_GRAN4K;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_GRAN64K;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_OAS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_STALL_MAX;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.STALL_MODEL_STALL_AND_TERMINATE;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.STALL_MODEL_TERMINATE_ONLY;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.ST_LEVEL_TWO_LEVEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.TTENDIAN_LITTLE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.smmu.layout.AddressSize;

/**
 * What an SMMU says of itself (§6.3): the ID registers that decide how tables are read. Those not listed are 0.
 *
 * @param idr0 IDR0
 * @param idr1 IDR1
 * @param idr3 IDR3
 * @param idr5 IDR5
 * @param aidr AIDR
 */
public record IdRegisters(long idr0, long idr1, long idr3, long idr5, long aidr) {

    private static final int TTF_AARCH64 = 2;

    /** Output addresses of more bits need descriptor formats that this model does not read. */
    private static final int LARGEST_OAS = 48;

    /** What a server part offers, as far as this model implements it: stage 1 only, no hardware update of tables. */
    public static final IdRegisters PRODUCT = new IdRegisters(
            IDR0_S1P.encode(true)
                    | IDR0_TTF.encode(TTF_AARCH64)
                    | IDR0_COHACC.encode(true)
                    | IDR0_ATS.encode(true)
                    | IDR0_NS1ATS.encode(true)
                    | IDR0_ASID16.encode(true)
                    | IDR0_MSI.encode(true)
                    | IDR0_PRI.encode(true)
                    | IDR0_CD2L.encode(true)
                    | IDR0_TTENDIAN.encode(TTENDIAN_LITTLE)
                    | IDR0_STALL_MODEL.encode(STALL_MODEL_STALL_AND_TERMINATE)
                    | IDR0_ST_LEVEL.encode(ST_LEVEL_TWO_LEVEL),
            IDR1_SIDSIZE.encode(16)
                    | IDR1_SSIDSIZE.encode(20)
                    | IDR1_PRIQS.encode(7)
                    | IDR1_EVENTQS.encode(7)
                    | IDR1_CMDQS.encode(8)
                    | IDR1_ATTR_TYPES_OVR.encode(true),
            IDR3_HAD.encode(true) | IDR3_RIL.encode(true) | IDR3_BBML.encode(2),
            IDR5_OAS.encode(AddressSize.encoding(44))
                    | IDR5_GRAN4K.encode(true)
                    | IDR5_GRAN16K.encode(true)
                    | IDR5_GRAN64K.encode(true)
                    | IDR5_STALL_MAX.encode(64),
            AIDR_ARCH_MINOR_REV.encode(2));

    /**
     * The same without what this model does not implement: stage 2, hardware update of tables, EL2, broadcast TLB
     * maintenance, AArch32 and big-endian tables, 52-bit addresses, and everything else that a register of a real
     * machine may announce.
     */
    public IdRegisters implemented() {
        boolean ats = IDR0_ATS.isSet(idr0);
        boolean stalls = IDR0_STALL_MODEL.get(idr0) != STALL_MODEL_TERMINATE_ONLY;
        long newIdr0 = keep(
                idr0,
                IDR0_S1P,
                IDR0_COHACC,
                IDR0_ATS,
                IDR0_ASID16,
                IDR0_MSI,
                IDR0_CD2L,
                IDR0_STALL_MODEL,
                IDR0_TERM_MODEL,
                IDR0_ST_LEVEL);
        newIdr0 |= ats ? keep(idr0, IDR0_PRI) | IDR0_NS1ATS.encode(true) : 0;
        newIdr0 |= IDR0_TTF.encode(IDR0_TTF.get(idr0) & TTF_AARCH64) | IDR0_TTENDIAN.encode(TTENDIAN_LITTLE);
        long newIdr1 =
                keep(idr1, IDR1_SIDSIZE, IDR1_SSIDSIZE, IDR1_PRIQS, IDR1_EVENTQS, IDR1_CMDQS, IDR1_ATTR_TYPES_OVR);
        long newIdr5 = keep(idr5, IDR5_GRAN4K, IDR5_GRAN16K, IDR5_GRAN64K) | (stalls ? keep(idr5, IDR5_STALL_MAX) : 0);
        int oas = Math.min(AddressSize.bits(IDR5_OAS.get(idr5)), LARGEST_OAS);
        return new IdRegisters(
                newIdr0,
                newIdr1,
                keep(idr3, IDR3_HAD, IDR3_PPS, IDR3_STT, IDR3_RIL, IDR3_BBML),
                newIdr5 | IDR5_OAS.encode(AddressSize.encoding(oas)),
                aidr);
    }

    private static long keep(long value, BitField... fields) {
        long kept = 0;
        for (BitField field : fields) {
            kept |= field.encode(field.get(value));
        }
        return kept;
    }
}
