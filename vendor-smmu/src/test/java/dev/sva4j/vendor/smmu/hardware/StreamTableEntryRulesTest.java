package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.L1STD;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE1;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.AIDR_ARCH_MINOR_REV;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_ATS;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_CD2L;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_S1P;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_STALL_MODEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_ST_LEVEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1_SSIDSIZE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Pasid;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.L1StreamTableDescriptor;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import dev.sva4j.vendor.smmu.layout.StreamTableRegisters;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a StreamID finds its STE, what an STE may say, and which CD serves a transaction (§3.3, §5.1, §5.2). */
class StreamTableEntryRulesTest {
    private static final long CD_0 = 0x8040_0000L;

    private TestSmmu smmu = TestSmmu.running();

    private void use(IdRegisters ids) {
        smmu = TestSmmu.running(Behaviour.TYPICAL, ids);
    }

    /** One CD without a table at 0x80400000: vector S3 with S1CDMax = 0. */
    private void useSingleContext() {
        smmu.ste(StreamTableEntry.S1CD_MAX.put(0x300000008040000bL, 0), 0xd6);
        smmu.memory.put(CD_0, TestSmmu.CD0, TestSmmu.TTB0);
    }

    private void assertFaults(int sid, int pasid, EventId event) {
        assertThat(smmu.submit(Dma.read(sid, pasid, PAGE_VA, 8)).outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(EventId.of(smmu.event()[0])).isEqualTo(event);
    }

    private void assertReaches(int pasid) {
        assertThat(smmu.submit(Dma.read(SID, pasid, PAGE_VA, 8)).outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(smmu.takeEvents()).isEmpty();
    }

    @Nested
    class TheStreamTable {
        @Test
        void withTwoLevelsIsFoundAsInTheVector() {
            assertReaches(SSID);
        }

        @Test
        void mayBeLinear() {
            smmu.cr0(0);
            smmu.write64(StreamTableRegisters.STRTAB_BASE.offset(), 0x9000_0000L);
            smmu.write32(StreamTableRegisters.STRTAB_BASE_CFG.offset(), 13);
            smmu.memory.put(0x9000_0000L + SID * 64L, STE0, STE1);
            smmu.cr0(TestSmmu.ALL_ON);
            assertReaches(SSID);
            assertFaults(0x2000, SSID, EventId.C_BAD_STREAMID);
        }

        @Test
        void isLinearWithoutTheFeatureWhateverFmtSays() {
            use(Ids.with(IDR0_ST_LEVEL, 0));
            // 2^16 entries are 4 MiB: the base is aligned down.
            smmu.memory.put(0x8000_0000L + SID * 64L, STE0, STE1);
            assertReaches(SSID);
            assertThat(smmu.read32(StreamTableRegisters.STRTAB_BASE_CFG.offset()))
                    .isEqualTo(0x210);
        }

        @ParameterizedTest(name = "Span {0}")
        @ValueSource(ints = {0, 10, 12, 31, 6})
        void hasNoEntryBehindAnUnusableSpan(int span) {
            smmu.memory.put(L1STD, L1StreamTableDescriptor.SPAN.put(0x80300000L, span));
            assertFaults(SID, SSID, EventId.C_BAD_STREAMID);
        }

        @Test
        void hasNoEntryBeyondItsSize() {
            assertFaults(0x10000, SSID, EventId.C_BAD_STREAMID);
            assertFaults(-1, SSID, EventId.C_BAD_STREAMID);
        }
    }

    @Nested
    class AnSteIsIllegal {
        private void assertIllegal(long word0, long word1) {
            smmu.ste(word0, word1);
            assertFaults(SID, SSID, EventId.C_BAD_STE);
        }

        @Test
        void ifItIsNotValid() {
            assertIllegal(STE0 - 1, STE1);
        }

        @ParameterizedTest(name = "Config {0}")
        @ValueSource(ints = {6, 7})
        void ifItAsksForStage2(int config) {
            assertIllegal(StreamTableEntry.CONFIG.put(STE0, config), STE1);
        }

        @Test
        void ifItAsksForStage1AndThereIsNone() {
            use(Ids.with(IDR0_S1P, 0));
            assertIllegal(STE0, STE1);
        }

        @Test
        void ifItHasMoreContextsThanSubstreams() {
            assertIllegal(StreamTableEntry.S1CD_MAX.put(STE0, 21), STE1);
            use(Ids.with(IDR1_SSIDSIZE, 16));
            assertIllegal(STE0, STE1);
        }

        @ParameterizedTest(name = "S1Fmt {0}")
        @ValueSource(ints = {1, 2})
        void ifItsContextTableHasTwoLevelsAndTheFeatureIsMissing(int format) {
            use(Ids.with(IDR0_CD2L, 0));
            assertIllegal(StreamTableEntry.S1_FMT.put(STE0, format), STE1);
        }

        @Test
        void ifItsContextTableIsBeyondTheOutputSize() {
            assertIllegal(STE0 | 1L << 44, STE1);
        }

        @ParameterizedTest(name = "STALL_MODEL {0}")
        @ValueSource(ints = {1, 2})
        void ifItForbidsStallsWhereTheModelIsFixed(int model) {
            use(Ids.with(IDR0_STALL_MODEL, model));
            assertIllegal(STE0, TestSmmu.stall(STE1));
        }

        @ParameterizedTest(name = "STRW {0}")
        @ValueSource(ints = {1, 3})
        void ifItsStreamWorldIsReserved(int strw) {
            assertIllegal(STE0, StreamTableEntry.STRW.put(STE1, strw));
        }

        @Test
        void ifItAsksForSplitStageAts() {
            assertIllegal(STE0, StreamTableEntry.EATS.put(STE1, 2));
        }
    }

    @Nested
    class AnSteIsLegal {
        @Test
        void withS1FmtOfTwoLevelsIfItHasASingleContext() {
            use(Ids.with(IDR0_CD2L, 0));
            useSingleContext();
            smmu.memory.put(TestSmmu.STE, StreamTableEntry.S1_FMT.put(smmu.memory.load(TestSmmu.STE), 2));
            assertReaches(Pasid.NONE);
        }

        @Test
        void withAContextTableBeyondTheOutputSizeBeforeV31() {
            use(Ids.with(AIDR_ARCH_MINOR_REV, 0));
            smmu.ste(STE0 | 1L << 44, STE1);
            assertFaults(SID, SSID, EventId.F_CD_FETCH);
        }

        @Test
        void withAnyEatsWithoutAts() {
            use(Ids.with(IDR0_ATS, 0));
            smmu.ste(STE0, StreamTableEntry.EATS.put(STE1, 2));
            assertReaches(SSID);
        }

        @Test
        void withAnythingBesidesIfItAborts() {
            for (int config = 0; config < 4; config++) {
                smmu.ste(StreamTableEntry.CONFIG.put(-1L, config), -1L);
                smmu.done(0x0000123400000003L, 1);
                assertThat(smmu.reaches(PAGE_VA)).isFalse();
                assertThat(smmu.takeEvents()).isEmpty();
            }
        }

        @Test
        void ifItForbidsStallsUnderStallAndTerminate() {
            smmu.ste(STE0, TestSmmu.stall(STE1));
            assertReaches(SSID);
        }
    }

    @Nested
    class Bypass {
        @Test
        void leadsAnAddressToItself() {
            smmu.ste(9, 0x0000100000000000L);
            smmu.memory.put(0x9000_0000L, 0x77);
            Dma dma = smmu.submit(Dma.read(SID, Pasid.NONE, 0x9000_0000L, 1));
            assertThat(dma.outcome()).isEqualTo(CompletionStatus.SUCCESS);
            assertThat(dma.bytes).containsExactly(0x77);
        }

        @Test
        void hasNoSubstreams() {
            smmu.ste(9, 0x0000100000000000L);
            assertFaults(SID, 0, EventId.C_BAD_SUBSTREAMID);
        }

        @Test
        void ofAnAddressBeyondTheOutputSizeIsFAddrSize() {
            smmu.ste(9, 0x0000100000000000L);
            smmu.submit(Dma.read(SID, Pasid.NONE, 1L << 44, 1));
            assertThat(smmu.event()).containsExactly(0x0000123400000011L, 0x0000020800000000L, 1L << 44, 0);
        }
    }

    @Nested
    class TheContextOfATransaction {
        @Test
        void isTheOnlyOneIfThereIsNoTable() {
            useSingleContext();
            assertReaches(Pasid.NONE);
            assertFaults(SID, 0, EventId.C_BAD_SUBSTREAMID);
            assertFaults(SID, 1, EventId.C_BAD_SUBSTREAMID);
        }

        @ParameterizedTest(name = "S1Fmt {0}")
        @ValueSource(ints = {0, 3})
        void isFoundInALinearTable(int format) {
            smmu.ste(StreamTableEntry.S1_FMT.put(0x300000008040000bL, format), 0xd6);
            smmu.memory.put(CD_0 + 5 * 64, TestSmmu.CD0, TestSmmu.TTB0);
            assertReaches(5);
            assertFaults(SID, 64, EventId.C_BAD_SUBSTREAMID);
        }

        @Test
        void isFoundInATableWithSmallLeaves() {
            // S1Fmt 1: L1CD of SSID 0xC05 at index 0x30, CD at index 5 of its leaf.
            smmu.ste(StreamTableEntry.S1_FMT.put(STE0, 1), STE1);
            smmu.memory.put(0x8050_0180L, 0x8053_0001L);
            smmu.memory.put(0x8053_0140L, TestSmmu.CD0, TestSmmu.TTB0);
            assertReaches(SSID);
        }

        @Test
        void isMissingBehindAnL1cdBeyondTheOutputSize() {
            smmu.memory.put(TestSmmu.L1CD, 0x80510001L | 1L << 44);
            assertFaults(SID, SSID, EventId.C_BAD_SUBSTREAMID);
        }

        @ParameterizedTest(name = "S1DSS {0}")
        @CsvSource({"0", "3"})
        void withoutASubstreamIsNoneIfS1dssTerminates(int dss) {
            smmu.ste(STE0, StreamTableEntry.S1DSS.put(STE1, dss));
            assertFaults(SID, Pasid.NONE, EventId.F_STREAM_DISABLED);
        }

        @Test
        void withoutASubstreamIsBypassIfS1dssSaysSo() {
            smmu.ste(STE0, StreamTableEntry.S1DSS.put(STE1, 1));
            smmu.memory.put(0x9000_0000L, 0x77);
            Dma dma = smmu.submit(Dma.read(SID, Pasid.NONE, 0x9000_0000L, 1));
            assertThat(dma.bytes).containsExactly(0x77);
            smmu.submit(Dma.read(SID, Pasid.NONE, 1L << 44, 1));
            assertThat(EventId.of(smmu.event()[0])).isEqualTo(EventId.F_ADDR_SIZE);
        }

        @Test
        void withoutASubstreamIsNumber0IfS1dssSaysSoAndThenNumber0IsTakenFromSubstreams() {
            smmu.memory.put(0x8050_0000L, 0x80520001L);
            smmu.memory.put(0x8052_0000L, TestSmmu.CD0, TestSmmu.TTB0);
            assertReaches(Pasid.NONE);
            assertFaults(SID, 0, EventId.F_STREAM_DISABLED);
            smmu.ste(STE0, StreamTableEntry.S1DSS.put(STE1, 1));
            smmu.done(0x0000123400000003L, 1);
            assertReaches(0);
        }
    }
}
