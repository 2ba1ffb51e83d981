package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.CONTEXT;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.DIRECTORY_ENTRY;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID_ENTRY;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PDE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PTE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.SID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.VA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.testing.Dma;
import dev.sva4j.testing.FakeHardwareHost.Invalidation;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ATS (chapter 4): translation requests, translated requests, device-TLB invalidations. Vectors V7 and V8. */
class AtsTest {
    private static final int USER = Rights.USER;

    private final TestVtd vtd = TestVtd.running();

    private void assertGranted(Dma answer, long address, int shift, int rights) {
        assertThat(answer.outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(answer.translatedAddress()).isEqualTo(address);
        assertThat(answer.translatedShift()).isEqualTo(shift);
        assertThat(answer.grantedRights()).isEqualTo(rights);
    }

    private void assertNothingGranted(Dma answer) {
        assertThat(answer.outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(answer.grantedRights()).isEqualTo(Rights.NONE);
        assertThat(vtd.takeFaults()).as("recoverable").isEmpty();
    }

    @Test
    void aWritablePageIsGrantedAndMarkedDirty() {
        assertGranted(vtd.translate(PASID, VA, 0), 0x2abcde000L, 12, Rights.READ | Rights.WRITE | USER);
        assertThat(vtd.memory.load(PTE)).isEqualTo(0x2abcde067L);
    }

    @Test
    void withNoWriteThereIsNoWritingAndNothingGetsDirty() {
        assertGranted(vtd.translate(PASID, VA, Transaction.NO_WRITE), 0x2abcde000L, 12, Rights.READ | USER);
        assertThat(vtd.memory.load(PTE)).isEqualTo(0x2abcde027L);
    }

    @Test
    void withoutNwfsTheNoWriteFlagMeansNothing() {
        TestVtd other = TestVtd.running(TestVtd.with(ExtendedCapabilityRegister.NWFS, 0));
        assertThat(other.translate(PASID, VA, Transaction.NO_WRITE).grantedRights())
                .isEqualTo(Rights.READ | Rights.WRITE | USER);
    }

    @Test
    void aReadOnlyPageIsGrantedForReadingWithoutARecord() {
        vtd.memory.put(PTE, 0x00000002abcde005L);
        assertGranted(vtd.translate(PASID, VA, 0), 0x2abcde000L, 12, Rights.READ | USER);
        assertThat(vtd.memory.load(PTE)).isEqualTo(0x2abcde025L);
        assertThat(vtd.takeFaults()).isEmpty();
    }

    @Test
    void aLargePageIsGrantedAsAWhole() {
        vtd.memory.put(PDE, 0x0000000140000087L);
        assertGranted(vtd.translate(PASID, VA, 0), 0x140000000L, 21, Rights.READ | Rights.WRITE | USER);
    }

    @Test
    void aSupervisorRequestIsGrantedWhatSupervisorsMayDo() {
        vtd.memory.put(PASID_ENTRY + 16, 0x10040001L);
        vtd.memory.put(PTE, 0x00000002abcde001L);
        assertGranted(vtd.translate(PASID, VA, Transaction.PRIVILEGED), 0x2abcde000L, 12, Rights.READ | Rights.WRITE);
    }

    @ParameterizedTest(name = "0x{0} = 0x{1}")
    @CsvSource({
        "10043b38, 0", // 71h
        "10043b38, 2abcde003", // 81h
        "10043b38, 8002abcde007", // 72h
        "10042d10, 8000007", // 70h
        "10030150, 8000000", // 73h
        "10030148, 1", // 90h
        "10030140, 48", // 59h
        "10012468, 0" // 51h
    })
    void whatAPageRequestMayMendSucceedsWithoutRights(String address, String word) {
        vtd.memory.put(Long.parseLong(address, 16), Long.parseLong(word, 16));
        assertNothingGranted(vtd.translate(PASID, VA, 0));
    }

    @Test
    void anAddressThatIsNotCanonicalSucceedsWithoutRights() {
        assertNothingGranted(vtd.translate(PASID, 0x0000800000000000L, 0));
    }

    @Test
    void aSupervisorRequestWithoutSreSucceedsWithoutRights() {
        assertNothingGranted(vtd.translate(PASID, VA, Transaction.PRIVILEGED));
    }

    @Test
    void aFlagThatCannotBeWrittenSucceedsWithoutRightsAndIsRecorded() {
        vtd.memory.readOnly(PTE);
        Dma answer = vtd.translate(PASID, VA, 0);
        assertThat(answer.outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(answer.grantedRights()).isZero();
        assertThat(vtd.reason()).isEqualTo(0x91);
    }

    @ParameterizedTest(name = "0x{0} = 0x{1}: {2}, {3}")
    @CsvSource({
        "100003a0, 0, 39, UNSUPPORTED_REQUEST",
        "100003a0, 10001003, 3a, COMPLETER_ABORT",
        "10001000, 0, 41, UNSUPPORTED_REQUEST",
        "10001000, 10010e9d, 42, COMPLETER_ABORT",
        "10001000, 10010e19, 43, COMPLETER_ABORT",
        "10001000, 10010e09, 44, UNSUPPORTED_REQUEST",
        "10001000, 10010e15, 45, UNSUPPORTED_REQUEST",
        "10001000, 1001001d, 46, UNSUPPORTED_REQUEST",
        "10001008, 12345, 48, UNSUPPORTED_REQUEST",
        "10012468, 10030005, 52, COMPLETER_ABORT",
        "10030140, 69, 5a, COMPLETER_ABORT",
        "10030140, 9, 5b, COMPLETER_ABORT",
        "10043b38, fee00007, 87, COMPLETER_ABORT"
    })
    void whatIsWrongWithTheTablesIsRecorded(String address, String word, String reason, CompletionStatus outcome) {
        vtd.memory.put(Long.parseLong(address, 16), Long.parseLong(word, 16));
        assertThat(vtd.translate(PASID, VA, 0).outcome()).isEqualTo(outcome);
        assertThat(vtd.reason()).isEqualTo(Integer.parseInt(reason, 16));
    }

    @Test
    void anExecuteRequestIsUnsupported() {
        assertThat(vtd.translate(PASID, VA, Transaction.EXECUTE_REQUESTED).outcome())
                .isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.fault()[1]).isEqualTo(0xd1234534c0003a00L);
    }

    @Test
    void theInterruptRangeIsNotTranslatedWithoutPasid() {
        assertNothingGranted(vtd.translate(Pasid.NONE, 0xfee00000L, 0));
    }

    @Test
    void passThroughGrantsThePageItself() {
        vtd.memory.put(TestVtd.RID_ENTRY, 0x109, 0x800001);
        assertGranted(vtd.translate(Pasid.NONE, 0x2000_0000L, 0), 0x2000_0000L, 12, Rights.READ | Rights.WRITE | USER);
    }

    @Test
    void whileTranslationIsOffEverythingOfAtsIsUnsupported() {
        vtd.command(TestVtd.QIE);
        assertThat(vtd.translate(PASID, VA, 0).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(translated(0x2abcde000L, Pasid.NONE).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.fsts()).isZero();
    }

    private Dma translated(long address, int pasid) {
        return vtd.submit(Dma.translated(SID, pasid, Operation.WRITE, address, 4));
    }

    @Test
    void aTranslatedRequestPassesByTheTables() {
        vtd.memory.put(DIRECTORY_ENTRY, 0);
        assertThat(translated(0x2abcde000L, Pasid.NONE).outcome()).isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void aTranslatedRequestNeedsDte() {
        vtd.memory.put(CONTEXT, 0x10010e09);
        assertThat(translated(0x2abcde000L, Pasid.NONE).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.fault()).containsExactly(0x2abcde000L, 0xa000004400003a00L);
    }

    @Test
    void aTranslatedRequestStaysWithinHaw() {
        translated(1L << 46, Pasid.NONE);
        assertThat(vtd.reason()).isEqualTo(0x83);
    }

    @Test
    void aTranslatedRequestStaysOutOfTheInterruptRange() {
        translated(0xfee00000L, Pasid.NONE);
        assertThat(vtd.reason()).isEqualTo(0x87);
    }

    @Test
    void aTranslatedRequestCarriesNoPasid() {
        assertThat(translated(0x2abcde000L, PASID).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.reason()).isEqualTo(0x49);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "000123453a000008, 00007f1234567000, 74565, 7f1234567000, 12",
        "000123453a000008, 00007f1234566800, 74565, 7f1234566000, 13",
        "000123453a000008, 00007f1234567800, 74565, 7f1234560000, 16",
        "000123453a000008, 00007f12344ff800, 74565, 7f1234400000, 21",
        "000123453a000008, 00007f121ffff800, 74565, 7f1200000000, 30",
        "000123453a000008, 00007ffffffff800, 74565, 0, 48",
        "000123453a000008, 7ffffffffffff800, 74565, 0, 64",
        "00003a0000000003, 00007f12344ff001, -1, 7f1234400000, 21",
        "00003a0000000003, 7ffffffffffff001, -1, 0, 64"
    })
    void aDeviceTlbInvalidationReachesTheFunction(String word0, String word1, int pasid, String base, int log2Bytes) {
        vtd.submit(Long.parseUnsignedLong(word0, 16), Long.parseUnsignedLong(word1, 16));
        Invalidation received = vtd.host.invalidations.remove();
        assertThat(received)
                .isEqualTo(new Invalidation(
                        SID, pasid, Long.parseUnsignedLong(base, 16), log2Bytes, false, received.tag()));
    }

    @Test
    void giReachesEveryPasid() {
        vtd.submit(0x000123453a000008L, 0x7ffffffffffff801L);
        assertThat(vtd.host.invalidations.remove().global()).isTrue();
    }

    @Test
    void withoutDtThereIsNoAts() {
        TestVtd without = TestVtd.running(TestVtd.with(ExtendedCapabilityRegister.DT, 0));
        assertThatThrownBy(() -> without.translate(PASID, VA, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
