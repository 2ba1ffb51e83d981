package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.CONTEXT;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.DIRECTORY_ENTRY;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.FECTL;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.FSTS;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PAGE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID_ENTRY;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PFO;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PPF;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.CompletionStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recording of faults, FPD, and the fault event (7.2, 7.3). */
class FaultRecordsTest {
    private static final String EVENT = "message 0xfee00000 0x38";
    private static final int IM = 0x8000_0000;
    private static final long IP = 0x4000_0000L;

    private final TestVtd vtd = TestVtd.running();

    private void fault(int times) {
        vtd.memory.put(PTE, 0);
        for (int i = 0; i < times; i++) {
            vtd.read(PAGE);
        }
    }

    @Test
    void aFaultMakesPpfAndFriAndInterrupts() {
        fault(1);
        assertThat(vtd.fsts()).isEqualTo(PPF);
        assertThat(vtd.host.takeInterrupts()).containsExactly(EVENT);
    }

    @Test
    void onlyTheFirstOfSeveralFaultsInterrupts() {
        fault(3);
        assertThat(vtd.host.takeInterrupts()).hasSize(1);
        assertThat(vtd.takeFaults()).hasSize(3);
    }

    @Test
    void whenAllIsTakenPpfIsClearAndTheNextFaultInterrupts() {
        fault(2);
        vtd.takeFaults();
        assertThat(vtd.fsts() & PPF).isZero();
        vtd.host.takeInterrupts();
        fault(1);
        assertThat(vtd.host.takeInterrupts()).containsExactly(EVENT);
        assertThat(vtd.fsts()).as("FRI is 2").isEqualTo(0x200 | PPF);
    }

    @Test
    void recordsGoRound() {
        fault(7);
        vtd.takeFaults();
        fault(2);
        assertThat(vtd.fsts()).isEqualTo(0x700 | PPF);
        assertThat(vtd.takeFaults()).hasSize(2);
    }

    @Test
    void theNinthFaultOverflows() {
        fault(9);
        assertThat(vtd.fsts()).isEqualTo(PPF | PFO);
        assertThat(vtd.takeFaults()).hasSize(8);
    }

    @Test
    void whileOverflownNothingIsRecordedThoughThereIsRoom() {
        fault(9);
        vtd.takeFaults();
        fault(1);
        assertThat(vtd.takeFaults()).isEmpty();
        vtd.write32(FSTS, PFO);
        fault(1);
        assertThat(vtd.takeFaults()).hasSize(1);
    }

    @Test
    void aWriteOfTheOtherDwordFreesNothing() {
        fault(1);
        vtd.write32(TestVtd.FRCD + 8, 0);
        assertThat(vtd.takeFaults()).hasSize(1);
    }

    @Test
    void aWriteOfTheWholeWordFreesTheRecord() {
        fault(1);
        vtd.write64(TestVtd.FRCD + 8, 0x8000_0000_0000_0000L);
        assertThat(vtd.fsts() & PPF).isZero();
    }

    @Test
    void ppfIsNotForSoftwareToClear() {
        fault(1);
        vtd.write32(FSTS, PPF);
        assertThat(vtd.fsts()).isEqualTo(PPF);
    }

    @Test
    void aMaskedEventIsPendingAndSentWhenTheMaskGoes() {
        vtd.write32(FECTL, IM);
        fault(1);
        assertThat(vtd.host.takeInterrupts()).isEmpty();
        assertThat(vtd.read32(FECTL)).isEqualTo(0xc000_0000L);
        vtd.write32(FECTL, 0);
        assertThat(vtd.host.takeInterrupts()).containsExactly(EVENT);
        assertThat(vtd.read32(FECTL)).isZero();
    }

    @Test
    void aPendingEventGoesWhenSoftwareHasDealtWithItsCause() {
        vtd.write32(FECTL, IM);
        fault(1);
        vtd.takeFaults();
        assertThat(vtd.read32(FECTL) & IP).isZero();
        vtd.write32(FECTL, 0);
        assertThat(vtd.host.takeInterrupts()).isEmpty();
    }

    @Test
    void afterResetEventsAreMasked() {
        TestVtd reset = new TestVtd(dev.sva4j.spi.Behaviour.TYPICAL, CapabilityRegisters.PRODUCT);
        assertThat(reset.read32(FECTL)).isEqualTo(0x8000_0000L);
    }

    @Test
    void turningTranslationOffStartsWithTheFirstRecordAgain() {
        fault(3);
        vtd.takeFaults();
        vtd.command(TestVtd.QIE);
        vtd.command(TestVtd.QIE | TestVtd.TE);
        fault(1);
        assertThat(vtd.fsts()).as("FRI is 0").isEqualTo(PPF);
    }

    @ParameterizedTest(name = "FPD at 0x{0} = 0x{1}, and 0x{2} = 0x{3}")
    @CsvSource({
        // The context entry hides itself, though it is not present, and everything below.
        "10001000, 10010e1e, 10001000, 10010e1e",
        "10001000, 10010e1f, 10012468, 0",
        "10001000, 10010e1f, 10030140, 0",
        "10001000, 10010e1f, 10043b38, 0",
        // The directory entry, likewise.
        "10012468, 2, 10012468, 2",
        "10012468, 10030003, 10030140, 0",
        "10012468, 10030003, 10043b38, 0",
        // The PASID entry, likewise.
        "10030140, 2, 10030140, 2",
        "10030140, 4b, 10043b38, 0"
    })
    void fpdHidesWhatIsFoundAtTheEntryOrLater(String fpdAt, String fpdEntry, String at, String entry) {
        vtd.memory.put(Long.parseLong(at, 16), Long.parseLong(entry, 16));
        vtd.memory.put(Long.parseLong(fpdAt, 16), Long.parseLong(fpdEntry, 16));
        assertThat(vtd.read(PAGE).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.fsts()).isZero();
        assertThat(vtd.host.takeInterrupts()).isEmpty();
    }

    @Test
    void fpdDoesNotHideThatAnEntryCouldNotBeRead() {
        vtd.memory.put(CONTEXT, 0x0800_0e1fL);
        vtd.read(PAGE);
        assertThat(vtd.reason()).isEqualTo(0x50);
    }

    @Test
    void fpdBelowDoesNotHideWhatIsFoundAbove() {
        vtd.memory.put(PASID_ENTRY, 0x4b);
        vtd.memory.put(DIRECTORY_ENTRY, 0);
        vtd.read(PAGE);
        assertThat(vtd.reason()).isEqualTo(0x51);
    }

    @Test
    void quietTearDownIsQuietFromTheFirstStoreToTheLast() {
        assertThat(vtd.reaches(PAGE)).isTrue();
        vtd.memory.put(PASID_ENTRY, 0x4a);
        vtd.done(0x0001234500010017L);
        assertThat(vtd.reaches(PAGE)).isFalse();
        vtd.memory.put(PASID_ENTRY, 2, 0, 0, 0, 0, 0, 0, 0);
        assertThat(vtd.reaches(PAGE)).isFalse();
        assertThat(vtd.takeFaults()).isEmpty();
    }
}
