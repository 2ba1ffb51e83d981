package dev.sva4j.vendor.smmu.inspect;

import static dev.sva4j.vendor.smmu.layout.IdRegisters.AIDR;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.AIDR_ARCH_MINOR_REV;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.HTTU_ACCESS_AND_DIRTY;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_ASID16;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_ATS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_CD2L;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_COHACC;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_HTTU;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_PRI;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_S1P;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_S2P;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_STALL_MODEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_ST_LEVEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_TTENDIAN;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_TTF;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_VMID16;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_SIDSIZE;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_SSIDSIZE;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3_HAD;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_GRAN16K;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_GRAN4K;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_GRAN64K;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_OAS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.STALL_MODEL_STALL_AND_TERMINATE;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.ST_LEVEL_TWO_LEVEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.TTENDIAN_LITTLE;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.RegisterValues;
import dev.sva4j.spi.inspect.PresentEntries;
import dev.sva4j.vendor.smmu.hardware.IdRegisters;
import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.StreamTable;
import dev.sva4j.vendor.smmu.layout.StreamTableRegisters;
import java.util.Set;

/**
 * The registers that say how the tables of an image are to be read.
 *
 * <p>Identification registers that are not given are taken to be those of an SMMU which can do everything we can read:
 * tables that a driver wrote do not ask for more than its hardware had, so a generous guess finds no fault where the
 * machine found none.
 *
 * @param strtabBase STRTAB_BASE
 * @param strtabBaseCfg STRTAB_BASE_CFG
 * @param ids the identification registers
 */
record ImageRegisters(long strtabBase, long strtabBaseCfg, IdRegisters ids) {
    static final Set<String> REQUIRED =
            Set.of(StreamTableRegisters.STRTAB_BASE.name(), StreamTableRegisters.STRTAB_BASE_CFG.name());

    /** IHI 0070 §3.2: a StreamID has at most 32 bits. */
    private static final int MOST_STREAM_ID_BITS = 32;

    private static final IdRegisters DEFAULT = new IdRegisters(
            IDR0_S1P.encode(1)
                    | IDR0_S2P.encode(1)
                    | IDR0_TTF.encode(2)
                    | IDR0_COHACC.encode(1)
                    | IDR0_HTTU.encode(HTTU_ACCESS_AND_DIRTY)
                    | IDR0_ATS.encode(1)
                    | IDR0_PRI.encode(1)
                    | IDR0_ASID16.encode(1)
                    | IDR0_VMID16.encode(1)
                    | IDR0_CD2L.encode(1)
                    | IDR0_TTENDIAN.encode(TTENDIAN_LITTLE)
                    | IDR0_STALL_MODEL.encode(STALL_MODEL_STALL_AND_TERMINATE)
                    | IDR0_ST_LEVEL.encode(ST_LEVEL_TWO_LEVEL),
            IDR1_SIDSIZE.encode(MOST_STREAM_ID_BITS) | IDR1_SSIDSIZE.encode(20),
            IDR3_HAD.encode(1),
            IDR5_OAS.encode(AddressSize.encoding(48))
                    | IDR5_GRAN4K.encode(1)
                    | IDR5_GRAN16K.encode(1)
                    | IDR5_GRAN64K.encode(1),
            AIDR_ARCH_MINOR_REV.encode(2));

    static ImageRegisters of(RegisterValues registers) {
        registers.require("SMMUv3 tables", REQUIRED);
        return new ImageRegisters(
                registers.valueOf(StreamTableRegisters.STRTAB_BASE, 0),
                registers.valueOf(StreamTableRegisters.STRTAB_BASE_CFG, 0),
                new IdRegisters(
                        registers.valueOf(IDR0, DEFAULT.idr0()),
                        registers.valueOf(IDR1, DEFAULT.idr1()),
                        registers.valueOf(IDR3, DEFAULT.idr3()),
                        registers.valueOf(IDR5, DEFAULT.idr5()),
                        registers.valueOf(AIDR, DEFAULT.aidr())));
    }

    /** @throws SvaException INVALID unless these can be the registers of this image */
    void requireFit(PhysicalMemory memory) {
        long log2Size = StreamTableRegisters.STRTAB_BASE_CFG_LOG2SIZE.get(strtabBaseCfg);
        if (log2Size > MOST_STREAM_ID_BITS) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format(
                            "STRTAB_BASE_CFG 0x%x: LOG2SIZE is %d, and StreamIDs have at most %d bits",
                            strtabBaseCfg, log2Size, MOST_STREAM_ID_BITS));
        }
        long fmt = StreamTableRegisters.STRTAB_BASE_CFG_FMT.get(strtabBaseCfg);
        if (fmt != StreamTableRegisters.FMT_LINEAR && fmt != StreamTableRegisters.FMT_TWO_LEVEL) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format(
                            "STRTAB_BASE_CFG 0x%x: FMT %d is reserved (0 linear, 1 two-level)", strtabBaseCfg, fmt));
        }
        if (PresentEntries.first(memory, base(), tableBytes(), Long.BYTES).isEmpty()) {
            throw new SvaException(
                    SvaError.INVALID,
                    String.format(
                            "STRTAB_BASE 0x%x: the stream table at 0x%x is not in the image; "
                                    + "is this the image of the machine that the registers were read from?",
                            strtabBase, base()));
        }
    }

    /** Physical address of the stream table. */
    long base() {
        return StreamTable.base(strtabBase, strtabBaseCfg);
    }

    /** log2 of the number of StreamIDs. */
    int log2Streams() {
        return StreamTable.log2Size(strtabBaseCfg, ids.idr1());
    }

    /** Bytes of the stream table, of its first level if it has two. */
    long tableBytes() {
        return isTwoLevel() ? StreamTable.l1Bytes(log2Streams(), split()) : StreamTable.linearBytes(log2Streams());
    }

    boolean isTwoLevel() {
        return StreamTable.isTwoLevel(strtabBaseCfg);
    }

    /** StreamID bits that the second level resolves. */
    int split() {
        return StreamTable.split(strtabBaseCfg);
    }

    /** Bits of a SubstreamID. */
    int substreamBits() {
        return (int) IDR1_SSIDSIZE.get(ids.idr1());
    }

    /** Bits of a physical address. */
    int outputBits() {
        return AddressSize.bits(IDR5_OAS.get(ids.idr5()));
    }
}
