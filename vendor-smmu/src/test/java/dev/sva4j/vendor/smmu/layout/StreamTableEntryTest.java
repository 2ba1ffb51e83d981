package dev.sva4j.vendor.smmu.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.layout.FieldValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors S1 to S8, and entries that Linux wrote for QEMU. */
class StreamTableEntryTest {

    @Test
    void anAbortEntryIsValidAndNothingElse() {
        Entries.S1_ABORT.is(0x1);
    }

    @Test
    void aBypassEntryKeepsTheIncomingShareability() {
        Entries.S2_BYPASS.is(0x9, 0x0000_1000_0000_0000L);
    }

    @Test
    void aStage1EntryPointsToALinearTableOf64Descriptors() {
        Entries.S3_LINEAR.is(0x3000_0000_8040_000bL, 0xd6);
    }

    @Test
    void aStage1EntryPointsToATwoLevelTableForEveryPasid() {
        Entries.S4_CD_TABLE.is(0xa000_0000_8050_002bL, 0x1800_00d6L);
    }

    @Test
    void trafficWithoutAPasidCanBypassStage1() {
        Entries.S5_CD_TABLE_S1DSS_BYPASS.is(0xa000_0000_8050_002bL, 0x0000_1000_1800_00d5L);
    }

    @Test
    void aNestedEntryHasBothStages() {
        Entries.S6_NESTED.is(0x8000_0000_4050_002fL, 0x0800_00d6L, 0x044c_3558_0000_0007L, 0x8060_0000L);
    }

    @Test
    void aStage2EntryHasNoContextPointer() {
        Entries.S7_STAGE2.is(0xd, 0x0000_1000_0000_0000L, 0x044c_3558_0000_0007L, 0x8060_0000L);
    }

    @Test
    void allBitsOfThePointerAndOfS1CdMaxAreInTheirPlace() {
        Entries.S8_KUNIT.is(0xf800_f0f0_f0f0_f0ebL, 0x1800_00d6L);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "00:03.0, 0x101ea500b, 0x101ea5000",
        "00:04.0, 0x101fd100b, 0x101fd1000",
        "00:05.0, 0x101e0200b, 0x101e02000",
        "00:06.0, 0x101ded00b, 0x101ded000",
        "00:07.0, 0x101de500b, 0x101de5000",
    })
    void anEntryWrittenByLinuxPointsToOneContextDescriptor(String device, long word0, long cd) {
        Vector.of(StreamTableEntry.LAYOUT)
                .with("V", 1)
                .with("Config", StreamTableEntry.CONFIG_S1_TRANSLATE)
                .with("S1Fmt", StreamTableEntry.S1FMT_LINEAR)
                .with("S1ContextPtr", cd)
                .with("S1CDMax", 0)
                .with("S1DSS", StreamTableEntry.S1DSS_SUBSTREAM0)
                .with("S1CIR", Cacheability.FETCH_WB_RA)
                .with("S1COR", Cacheability.FETCH_WB_RA)
                .with("S1CSH", Shareability.ISH)
                .is(word0, 0xd6);
    }

    @Test
    void anEntryPrintsWithTheManualsNames() {
        assertThat(StreamTableEntry.LAYOUT.describe(Entries.S4_CD_TABLE.encode()))
                .extracting(FieldValue::toString)
                .contains(
                        "V = 1",
                        "Config = 5 (stage 1)",
                        "S1Fmt = 2 (two-level, 64 KiB leaves)",
                        "S1ContextPtr = 0x80500000",
                        "S1CDMax = 0x14",
                        "S1DSS = 2 (use CD 0)",
                        "EATS = 1 (full)");
    }
}
