package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.hardware.TestAmd.DEVICE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.DTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.HOST_DEVICE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PA;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PAGE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PASID;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.VA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.testing.Dma;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What entries of the device table mean, host walks, and the events of both. */
class DeviceTableVectorsTest {
    private final TestAmd amd = TestAmd.running();

    private long hostRead(long address) {
        return amd.translate(HOST_DEVICE, Pasid.NONE, address, Access.READ);
    }

    @Test
    void aDeviceWithoutValidEntryPasses() {
        assertThat(amd.translate(0x301, Pasid.NONE, 0x1234, Access.WRITE)).isEqualTo(0x1234);
    }

    @Test
    void passThroughPassesWhatIrAndIwLet() {
        amd.memory.put(DTE, 0x6000000000000003L, 5);
        assertThat(amd.read(Pasid.NONE, 0x1234)).isEqualTo(0x1234);
    }

    @Test
    void aBlockedDeviceLacksPermission() {
        amd.memory.put(DTE, 3, 0);
        amd.read(Pasid.NONE, 0x1234);
        assertThat(amd.events()).containsExactly("2050000000000300 0000000000001234");
    }

    @Test
    void withoutTvNothingIsPresent() {
        amd.memory.put(DTE, 1, 0);
        amd.read(Pasid.NONE, 0x1234);
        assertThat(amd.events()).containsExactly("2000000000000300 0000000000001234");
    }

    @Test
    void withoutPasidTheGuestTablesDoNotCount() {
        assertThat(amd.read(Pasid.NONE, 0x1234)).isEqualTo(0x1234);
    }

    @Test
    void aReservedBitIsEventE8() {
        amd.memory.put(DTE, 0x6000000000000007L, 0);
        amd.write(DEVICE, Pasid.NONE, 0x1000);
        assertThat(amd.events()).containsExactly("10a0000000000300 0000000000001000");
    }

    @Test
    void mode7IsAPageFault() {
        amd.memory.put(DTE, 0x6000000000000e03L, 0);
        amd.read(Pasid.NONE, 0x1000);
        assertThat(amd.events()).containsExactly("2010000000000300 0000000000001000");
    }

    @Test
    void glx3IsIllegal() {
        amd.memory.put(DTE, 0x6780000000000003L, 0x0000100110840007L);
        amd.read(Pasid.NONE, 0x1000);
        assertThat(amd.events()).containsExactly("1080000000000300 0000000000001000");
    }

    @Test
    void anEntryThatIsNotThereIsEventE9() {
        amd.memory.hole(DTE, 32);
        amd.read(Pasid.NONE, 0x1000);
        assertThat(amd.events()).containsExactly("3400000000000300 0000000080006000");
    }

    @ParameterizedTest
    @CsvSource({
        "0x8012345678, 0xabcde678",
        "0x8012346678, 0xabcdf678",
        "0x801234b345, 0xabccb345",
        "0x8012412345, 0x40212345",
        "0x8012a12345, 0x40612345",
        "0x10012345678, 0xabcde678"
    })
    void hostWalks(String iova, String pa) {
        assertThat(hostRead(Long.decode(iova))).isEqualTo(Long.decode(pa));
    }

    @Test
    void aHostPageThatIsNotPresentIsEventE4() {
        amd.memory.put(DTE, 0x6000001234567803L, 0x42);
        amd.read(Pasid.NONE, 0x80_0123_4000L);
        assertThat(amd.events()).containsExactly("2000004200000300 0000008001234000");
    }

    @Test
    void aWriteOfAReadOnlyHostPageIsEventE5() {
        amd.write(HOST_DEVICE, Pasid.NONE, 0x80_1234_6678L);
        assertThat(amd.events()).containsExactly("2070004200000308 0000008012346678");
    }

    @Test
    void skippedBitsThatAreNotZeroAreEventE6() {
        hostRead(0x100_5234_5678L);
        assertThat(amd.events()).containsExactly("2010004200000308 0000010052345678");
    }

    @Test
    void aReservedBitInAHostEntryIsEventE7() {
        amd.memory.put(DTE, 0x6000001234567803L, 0x42);
        amd.memory.put(0x12_3456_9048L, 0x600000123456c201L);
        amd.memory.put(0x12_3456_c1a0L, 0x6010000000001001L);
        amd.read(Pasid.NONE, 0x80_0123_4000L);
        assertThat(amd.events()).containsExactly("2090004200000300 0000008001234000");
    }

    @Test
    void anAddressBeyondTheModeFaults() {
        hostRead(0x0001_0000_0000_0000L);
        assertThat(amd.events()).containsExactly("2010004200000308 0001000000000000");
    }

    @Test
    void nestedPointersGoThroughTheHostTable() {
        amd.memory.put(DTE, 0x6090001234567803L, 0x0000400100000043L);
        long failing = amd.read(0x45, VA);
        assertThat(failing).isNegative();
        // GCR3TRP is a system physical address; its entry leads to a guest physical one, which the host maps.
        amd.memory.put(0x4_0000_0228L, 0x0000008012346001L);
        amd.command(0x8000000000000000L, 0);
        amd.memory.put(0xabcd_f7f0L, 0);
        amd.events();
        amd.read(0x45, VA);
        assertThat(amd.events()).containsExactly("2005004500000300 00007f1234567abc");
    }

    @Test
    void aNestedPointerThatTheHostDoesNotMapIsAFaultOfTheDomain() {
        amd.memory.put(DTE, 0x6090001234567803L, 0x0000400100000043L);
        amd.memory.put(0x4_0000_0228L, 0x0000000000005001L);
        amd.read(0x45, VA);
        assertThat(amd.events()).containsExactly("2000004300000300 00000000000057f0");
    }

    @Test
    void saSilencesPageFaultsAndTheAccessAborts() {
        amd.memory.put(DTE + 8, 0x0000100510840007L);
        amd.memory.put(PTE, 0);
        assertThat(amd.write(DEVICE, PASID, VA)).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(amd.events()).isEmpty();
    }

    @Test
    void seLogsOneFaultUntilTheEntryIsInvalidated() {
        amd.memory.put(DTE + 8, 0x0000100310840007L);
        amd.memory.put(PTE, 0);
        amd.write(DEVICE, PASID, VA);
        amd.write(DEVICE, PASID, VA);
        assertThat(amd.events()).hasSize(1);
        amd.command(0x2000000000000300L, 0);
        amd.write(DEVICE, PASID, VA);
        assertThat(amd.events()).hasSize(1);
    }

    @Test
    void translationRequestsAreAnsweredWithWhatThereIs() {
        Dma dma = amd.askFor(VA);
        assertThat(dma.translatedAddress()).isEqualTo(PA & -4096);
        assertThat(dma.grantedRights()).isEqualTo(0b1011);
    }

    @Test
    void aTranslationRequestThatFindsNothingLeavesNoEvent() {
        amd.memory.put(PTE, 0);
        Dma dma = amd.askFor(VA);
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(dma.grantedRights()).isZero();
        assertThat(amd.events()).isEmpty();
    }

    @Test
    void translationRequestsWithoutIAreEventE14() {
        amd.memory.put(DTE + 8, 0x0000100010840007L);
        Dma dma = Dma.translationRequest(DEVICE, Pasid.NONE, PAGE, 0);
        hardware(dma);
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(amd.events()).containsExactly("8100000000000300 00007f1234567000");
    }

    private void hardware(Dma dma) {
        amd.hardware.submit(dma);
    }

    @Test
    void translatedRequestsPassWithIOnly() {
        Dma passes = Dma.translated(DEVICE, Pasid.NONE, Operation.READ, PA, 4);
        assertThat(amd.submit(passes)).isEqualTo(CompletionStatus.SUCCESS);
        Dma refused = Dma.translated(HOST_DEVICE, Pasid.NONE, Operation.READ, PA, 4);
        assertThat(amd.submit(refused)).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(amd.events()).containsExactly("8200000000000308 00000000abcdeabc");
    }
}
