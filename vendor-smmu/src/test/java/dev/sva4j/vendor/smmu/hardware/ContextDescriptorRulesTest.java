package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0_QUIET;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0_STALL;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE1;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.TTB0;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_ASID16;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_STALL_MODEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_TERM_MODEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_TTF;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3_STT;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_GRAN16K;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_GRAN4K;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_GRAN64K;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.EventId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a CD is ILLEGAL, rule by rule (§5.4); and what a fault does under its A, R and S (§3.12). */
class ContextDescriptorRulesTest {
    private TestSmmu smmu = TestSmmu.running();

    private void use(IdRegisters ids) {
        smmu = TestSmmu.running(Behaviour.FORGETFUL, ids);
    }

    private void assertIllegal(long... cd) {
        smmu.cd(cd);
        smmu.done(0x0000123400000006L, 0);
        assertThat(smmu.reaches(PAGE_VA)).isFalse();
        assertThat(EventId.of(smmu.event()[0])).isEqualTo(EventId.C_BAD_CD);
    }

    private void assertLegal(long... cd) {
        smmu.cd(cd);
        smmu.done(0x0000123400000006L, 0);
        smmu.reaches(PAGE_VA);
        assertThat(smmu.takeEvents()).noneMatch(event -> EventId.of(event[0]) == EventId.C_BAD_CD);
    }

    private static long with(long word0, BitField field, long value) {
        return field.put(word0, value);
    }

    @Test
    void anInvalidCdIsIllegalWhateverRSays() {
        assertIllegal(with(CD0, ContextDescriptor.V, 0));
        assertIllegal(with(with(CD0, ContextDescriptor.V, 0), ContextDescriptor.R, 0));
    }

    @Test
    void aCdThatStallsIsIllegalInAStreamThatMayNot() {
        smmu.ste(STE0, TestSmmu.stall(STE1));
        assertIllegal(CD0_STALL);
        assertLegal(CD0);
    }

    @Test
    void aCdThatStallsIsIllegalUnderTerminateOnly() {
        use(Ids.with(IDR0_STALL_MODEL, 1));
        assertIllegal(CD0_STALL);
        assertLegal(CD0);
    }

    @Test
    void aCdThatDoesNotStallIsIllegalUnderStallForced() {
        use(Ids.with(IDR0_STALL_MODEL, 2));
        assertIllegal(CD0);
        assertIllegal(CD0_QUIET);
        assertLegal(CD0_STALL);
        assertLegal(0x002af204c0004000L, 0);
    }

    @Test
    void aCdThatDoesNotAbortIsIllegalWhereTerminationIsAlwaysAbort() {
        use(Ids.with(IDR0_TERM_MODEL, 1));
        assertIllegal(with(CD0, ContextDescriptor.A, 0));
        assertLegal(CD0);
    }

    @Test
    void bigEndianTablesAreIllegalUnlessNobodyWalksThem() {
        assertIllegal(with(CD0, ContextDescriptor.ENDI, 1));
        assertLegal(with(CD0_QUIET, ContextDescriptor.ENDI, 1), 0);
    }

    @Test
    void aarch32TablesAreIllegal() {
        assertIllegal(with(CD0, ContextDescriptor.AA64, 0));
    }

    @Test
    void aarch64TablesAreIllegalWhereTheyAreMissing() {
        use(Ids.with(IDR0_TTF, 1));
        assertIllegal(CD0);
    }

    @Test
    void hardwareUpdateIsIllegalWithoutHttu() {
        assertIllegal(with(CD0, ContextDescriptor.HA, 1));
        assertIllegal(with(CD0, ContextDescriptor.HD, 1));
    }

    @Test
    void aWideAsidIsIllegalWithoutAsid16() {
        use(Ids.with(IDR0_ASID16, 0));
        assertIllegal(with(CD0, ContextDescriptor.ASID, 0x100));
        assertLegal(with(CD0, ContextDescriptor.ASID, 0xff));
    }

    @ParameterizedTest(name = "T0SZ {0}: {1}")
    @CsvSource({"0, false", "15, false", "16, true", "39, true", "40, false", "63, false"})
    void t0szIsLegalFrom16To39(int t0sz, boolean legal) {
        assertLegality(legal, with(CD0, ContextDescriptor.T0SZ, t0sz), TTB0);
    }

    @ParameterizedTest(name = "TG0 {0} T0SZ {1}: {2}")
    @CsvSource({"0, 48, true", "0, 49, false", "1, 47, true", "1, 48, false", "2, 48, true", "2, 15, false"})
    void smallTablesReachTo48Or47(int tg0, int t0sz, boolean legal) {
        use(Ids.with(IDR3_STT, 1));
        long word0 = with(with(CD0, ContextDescriptor.T0SZ, t0sz), ContextDescriptor.TG0, tg0);
        assertLegality(legal, word0, TTB0);
    }

    private void assertLegality(boolean legal, long... cd) {
        if (legal) {
            assertLegal(cd);
        } else {
            assertIllegal(cd);
        }
    }

    @Test
    void aReservedGranuleIsIllegal() {
        assertIllegal(with(CD0, ContextDescriptor.TG0, 3));
        long upper = with(with(CD0, ContextDescriptor.EPD1, 0), ContextDescriptor.T1SZ, 16);
        assertIllegal(with(upper, ContextDescriptor.TG1, 0), TTB0);
        assertLegal(with(upper, ContextDescriptor.TG1, 2), TTB0);
    }

    @ParameterizedTest(name = "TG0 {0}")
    @ValueSource(ints = {0, 1, 2})
    void aMissingGranuleIsIllegal(int tg0) {
        BitField[] granules = {IDR5_GRAN4K, IDR5_GRAN64K, IDR5_GRAN16K};
        use(Ids.with(granules[tg0], 0));
        assertIllegal(with(CD0, ContextDescriptor.TG0, tg0));
    }

    @Test
    void aTableBeyondIpsIsIllegal() {
        assertIllegal(CD0, 1L << 44);
        assertIllegal(with(CD0, ContextDescriptor.IPS, 0), 1L << 32);
        assertLegal(with(CD0, ContextDescriptor.IPS, 0), TTB0);
        assertIllegal(with(CD0, ContextDescriptor.IPS, 6), 1L << 44);
    }

    @Test
    void withEpd0NothingOfTheLowerHalfIsChecked() {
        long garbage = CD0_QUIET | ContextDescriptor.T0SZ.mask() | ContextDescriptor.TG0.mask();
        assertLegal(garbage, -1L & ContextDescriptor.TTB0.mask());
    }

    @Test
    void withEpd1NothingOfTheUpperHalfIsChecked() {
        long garbage = CD0 | ContextDescriptor.T1SZ.mask();
        assertLegal(garbage, TTB0, ContextDescriptor.TTB1.mask());
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
    }

    @Test
    void theUpperHalfIsTtb1() {
        long word0 = with(with(CD0, ContextDescriptor.EPD1, 0), ContextDescriptor.TG1, 2);
        smmu.cd(with(with(word0, ContextDescriptor.T1SZ, 16), ContextDescriptor.EPD0, 1), 0, TTB0);
        assertThat(smmu.reaches(0xFFFF_0000_0000_0000L + PAGE_VA)).isTrue();
        assertThat(smmu.reaches(PAGE_VA)).isFalse();
        assertThat(EventId.of(smmu.event()[0])).isEqualTo(EventId.F_TRANSLATION);
    }

    @Test
    void theTopByteIsIgnoredOnlyWithTbi() {
        long tagged = 0x5A00_0000_0000_0000L + PAGE_VA;
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
        assertThat(smmu.reaches(tagged)).isFalse();
        assertThat(EventId.of(smmu.event()[0])).isEqualTo(EventId.F_TRANSLATION);
        smmu.cd0(with(CD0, ContextDescriptor.TBI0, 1));
        smmu.done(0x0000123400000006L, 0);
        assertThat(smmu.reaches(tagged)).as("from the TLB").isTrue();
        smmu.done(0x0000000000000010L, 0);
        assertThat(smmu.reaches(tagged)).as("from the tables").isTrue();
        assertThat(smmu.reaches(0x5A01_0000_0000_0000L + PAGE_VA)).isFalse();
    }

    @Test
    void affdLetsAccessesThroughThatWouldBeFAccess() {
        assertThat(smmu.reaches(TestSmmu.NOT_ACCESSED_VA)).isFalse();
        smmu.cd0(with(CD0, ContextDescriptor.AFFD, 1));
        smmu.done(0x0000123400000006L, 0);
        assertThat(smmu.reaches(TestSmmu.NOT_ACCESSED_VA)).isTrue();
    }

    @Test
    void startTableBitsBelowItsAlignmentAreIgnored() {
        smmu.cd(CD0, TTB0 | 0xff0);
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
    }

    @ParameterizedTest(name = "A {0} R {1} S {2}: {3}, recorded {4}")
    @CsvSource({
        "0, 0, 1, , true",
        "1, 0, 1, , true",
        "1, 1, 1, , true",
        "1, 1, 0, COMPLETER_ABORT, true",
        "1, 0, 0, COMPLETER_ABORT, false",
        "0, 1, 0, SUCCESS, true",
        "0, 0, 0, SUCCESS, false",
    })
    void aTranslationFaultDoesWhatAAndRAndSSay(int a, int r, int s, CompletionStatus status, boolean recorded) {
        long word0 = with(with(with(CD0, ContextDescriptor.A, a), ContextDescriptor.R, r), ContextDescriptor.S, s);
        smmu.cd0(word0);
        long[] faulting = {TestSmmu.MISSING_VA, TestSmmu.TOO_BIG_VA, TestSmmu.NOT_ACCESSED_VA, TestSmmu.BLOCK_1G_VA};
        for (long address : faulting) {
            assertThat(smmu.write(address).outcome()).isEqualTo(status);
            assertThat(smmu.takeEvents()).hasSize(recorded ? 1 : 0);
        }
        assertThat(smmu.memory.load(0x1_4000_0000L)).as("nothing was written").isZero();
    }

    @Test
    void aWalkThatAbortsIsRecordedWhateverRSays() {
        smmu.memory.hole(0x81236D10L, 8);
        smmu.cd0(with(with(CD0, ContextDescriptor.R, 0), ContextDescriptor.A, 0));
        assertThat(smmu.read(PAGE_VA).outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(EventId.of(smmu.event()[0])).isEqualTo(EventId.F_WALK_EABT);
    }
}
