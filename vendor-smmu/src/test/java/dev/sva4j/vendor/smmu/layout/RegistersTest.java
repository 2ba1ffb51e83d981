package dev.sva4j.vendor.smmu.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.layout.FieldValue;
import dev.sva4j.spi.layout.RegisterLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Vectors R1 to R3, the identification values of the sheet (§12) and the registers of the golden dump. */
class RegistersTest {

    @Test
    void theStreamTableRegistersAreEncodedFromTheirFields() {
        assertThat(StreamTableRegisters.STRTAB_BASE_RA.encode(true)
                        | StreamTableRegisters.STRTAB_BASE_ADDR.encodeAddress(0x8010_0000L))
                .isEqualTo(0x4000_0000_8010_0000L);
        assertThat(StreamTableRegisters.STRTAB_BASE_CFG_FMT.encode(StreamTableRegisters.FMT_TWO_LEVEL)
                        | StreamTableRegisters.STRTAB_BASE_CFG_SPLIT.encode(8)
                        | StreamTableRegisters.STRTAB_BASE_CFG_LOG2SIZE.encode(16))
                .isEqualTo(0x0001_0210);
        assertFields(StreamTableRegisters.STRTAB_BASE, 0x4000_0000_8010_0000L, "ADDR = 0x80100000", "RA = 1");
        assertFields(
                StreamTableRegisters.STRTAB_BASE_CFG,
                0x0001_0210,
                "LOG2SIZE = 0x10",
                "SPLIT = 8",
                "FMT = 1 (two-level)");
    }

    @Test
    void aQueueBaseHoldsAddressSizeAndHint() {
        assertThat(QueuePointer.encodeBase(0x8020_0000L, 8, true)).isEqualTo(0x4000_0000_8020_0008L);
        assertThat(QueuePointer.encodeBase(0x8021_0000L, 7, true)).isEqualTo(0x4000_0000_8021_0007L);
        assertThat(QueuePointer.encodeBase(0x8022_0000L, 7, true)).isEqualTo(0x4000_0000_8022_0007L);
        assertFields(QueueRegisters.EVENTQ_BASE, 0x4000_0000_8021_0007L, "LOG2SIZE = 7", "ADDR = 0x80210000", "WA = 1");
    }

    @Test
    void theThreeQueueBasesHaveOneShape() {
        assertThat(List.of(QueueRegisters.EVENTQ_BASE, QueueRegisters.PRIQ_BASE))
                .allSatisfy(base -> assertThat(base.fields())
                        .extracting(field -> field.mask(0))
                        .containsExactly(
                                QueueRegisters.CMDQ_BASE_LOG2SIZE.mask(),
                                QueueRegisters.CMDQ_BASE_ADDR.mask(),
                                QueueRegisters.CMDQ_BASE_RA.mask()));
    }

    @Test
    void theControlRegistersAreEncodedFromTheirFields() {
        long cr1 = ControlRegisters.CR1_QUEUE_IC.encode(Cacheability.CR1_WB)
                | ControlRegisters.CR1_QUEUE_OC.encode(Cacheability.CR1_WB)
                | ControlRegisters.CR1_QUEUE_SH.encode(Shareability.ISH)
                | ControlRegisters.CR1_TABLE_IC.encode(Cacheability.CR1_WB)
                | ControlRegisters.CR1_TABLE_OC.encode(Cacheability.CR1_WB)
                | ControlRegisters.CR1_TABLE_SH.encode(Shareability.ISH);
        assertThat(cr1).isEqualTo(0xD75);
        assertThat(ControlRegisters.CR2_PTM.encode(true) | ControlRegisters.CR2_RECINVSID.encode(true))
                .isEqualTo(0x6);
        assertThat(ControlRegisters.CR0_SMMUEN.encode(true)
                        | ControlRegisters.CR0_PRIQEN.encode(true)
                        | ControlRegisters.CR0_EVENTQEN.encode(true)
                        | ControlRegisters.CR0_CMDQEN.encode(true)
                        | ControlRegisters.CR0_ATSCHK.encode(true))
                .isEqualTo(0x1F);
        assertThat(ControlRegisters.GBPA_UPDATE.encode(true) | ControlRegisters.GBPA_ABORT.encode(true))
                .isEqualTo(0x8010_0000L);
        assertThat(ControlRegisters.GBPA_UPDATE.encode(true)
                        | ControlRegisters.GBPA_SHCFG.encode(ControlRegisters.SHCFG_USE_INCOMING))
                .isEqualTo(0x8000_1000L);
    }

    @Test
    void theIdentificationValuesOfTheModelAreDecoded() {
        assertNonZero(
                IdRegisters.IDR0,
                0x084D_369BL,
                "S2P = 1",
                "S1P = 1",
                "TTF = 2 (AArch64)",
                "COHACC = 1",
                "HTTU = 2 (access flag and dirty state)",
                "HYP = 1",
                "ATS = 1",
                "ASID16 = 1",
                "MSI = 1",
                "PRI = 1",
                "VMID16 = 1",
                "CD2L = 1",
                "TTENDIAN = 2 (little only)",
                "ST_LEVEL = 1 (linear and two-level)");
        assertNonZero(
                IdRegisters.IDR1,
                0x0907_3D10L,
                "SIDSIZE = 0x10",
                "SSIDSIZE = 0x14",
                "PRIQS = 7",
                "EVENTQS = 7",
                "CMDQS = 8",
                "ATTR_TYPES_OVR = 1");
        assertNonZero(IdRegisters.IDR3, 0x1514, "HAD = 1", "XNX = 1", "FWB = 1", "RIL = 1", "BBML = 2");
        assertNonZero(
                IdRegisters.IDR5,
                0x0040_0074,
                "OAS = 4 (44 bits)",
                "GRAN4K = 1",
                "GRAN16K = 1",
                "GRAN64K = 1",
                "STALL_MAX = 0x40");
        assertNonZero(IdRegisters.AIDR, 2, "ArchMinorRev = 2");
    }

    @Test
    void theRegistersOfTheGoldenDumpAreDecoded() {
        assertNonZero(
                IdRegisters.IDR0,
                0x0d44_101bL,
                "S2P = 1",
                "S1P = 1",
                "TTF = 2 (AArch64)",
                "COHACC = 1",
                "ASID16 = 1",
                "VMID16 = 1",
                "TTENDIAN = 2 (little only)",
                "STALL_MODEL = 1 (terminate only)",
                "TERM_MODEL = 1",
                "ST_LEVEL = 1 (linear and two-level)");
        assertNonZero(IdRegisters.IDR1, 0x0273_0010L, "SIDSIZE = 0x10", "EVENTQS = 0x13", "CMDQS = 0x13");
        assertNonZero(ControlRegisters.CR0, 0xd, "SMMUEN = 1", "EVENTQEN = 1", "CMDQEN = 1");
        assertNonZero(ControlRegisters.CR0ACK, 0xd, "SMMUEN = 1", "EVENTQEN = 1", "CMDQEN = 1");
        assertNonZero(ControlRegisters.GBPA, 0x1000, "SHCFG = 1 (use incoming)");
        assertThat(StreamTable.base(0x4000_0001_01c2_e000L, 0x1_0210)).isEqualTo(0x1_01c2_e000L);
        assertThat(QueuePointer.base(0x4000_0000_fc20_0010L, 16, QueuePointer.LOG2_COMMAND_BYTES))
                .isEqualTo(0xfc20_0000L);
    }

    @Test
    void theIndexesOfTheEventAndPriQueuesAreInPage1() {
        assertThat(QueueRegisters.CMDQ_PROD.offset()).isEqualTo(0x98);
        assertThat(QueueRegisters.EVENTQ_PROD.offset()).isEqualTo(0x100A8);
        assertThat(QueueRegisters.EVENTQ_CONS.offset()).isEqualTo(0x100AC);
        assertThat(QueueRegisters.PRIQ_PROD.offset()).isEqualTo(0x100C8);
        assertThat(QueueRegisters.PRIQ_CONS.offset()).isEqualTo(0x100CC);
    }

    @Test
    void theMapIsSortedAndRegistersDoNotOverlap() {
        long end = 0;
        for (RegisterLayout register : Registers.ALL) {
            assertThat(register.offset()).as("%s", register).isGreaterThanOrEqualTo(end);
            end = register.offset() + register.width() / 8;
            assertThat(Registers.at(register.offset())).isSameAs(register);
            assertThat(Registers.named(register.name())).isSameAs(register);
        }
        assertThat(end).isLessThanOrEqualTo(Registers.BYTES);
        assertThat(Registers.ALL).hasSize(55);
        assertThat(Registers.at(0x4)).isSameAs(IdRegisters.IDR1);
        assertThat(Registers.at(0x30)).isNull();
        assertThat(Registers.named("CR3")).isNull();
    }

    @Test
    void theIdentificationBytesAreNamedInTheOrderOfTheManual() {
        assertThat(AuxiliaryRegisters.IDENTIFICATION)
                .extracting(RegisterLayout::toString)
                .startsWith("PIDR4 at 0xfd0")
                .contains("PIDR0 at 0xfe0", "PIDR3 at 0xfec", "CIDR0 at 0xff0")
                .endsWith("CIDR3 at 0xffc");
    }

    @Test
    void theStoppedQueueSaysWhy() {
        assertThat(CommandError.of(QueueRegisters.CMDQ_CONS_ERR.encode(3) | 0x12345))
                .isEqualTo(CommandError.CERROR_ATC_INV_SYNC);
        for (CommandError error : CommandError.values()) {
            assertThat(CommandError.of(QueueRegisters.CMDQ_CONS_ERR.encode(error.code())))
                    .isEqualTo(error);
        }
        assertThat(CommandError.of(QueueRegisters.CMDQ_CONS_ERR.encode(4))).isNull();
    }

    private static void assertFields(RegisterLayout register, long value, String... fields) {
        assertThat(register.describe(value)).extracting(FieldValue::toString).containsExactly(fields);
    }

    private static void assertNonZero(RegisterLayout register, long value, String... fields) {
        assertThat(register.describe(value))
                .filteredOn(field -> field.value() != 0)
                .extracting(FieldValue::toString)
                .containsExactly(fields);
        assertThat(value & register.reservedMask()).isZero();
    }
}
