package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.CONTEXT;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.NEXT_PAGE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PAGE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID_ENTRY;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PTE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.VA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.testing.Dma;
import org.junit.jupiter.api.Test;

/** Vector V12: fault records, word by word. */
class FaultVectorsTest {
    private final TestVtd vtd = TestVtd.running();

    private void assertRecord(long word0, long word1) {
        assertThat(vtd.fault()).containsExactly(word0, word1);
    }

    @Test
    void aReadOfAPageThatIsNotPresent() {
        vtd.memory.put(PTE, 0);
        assertThat(vtd.read(VA).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertRecord(0x00007f1234567000L, 0xc123457180003a00L);
    }

    @Test
    void aRecordReadAsDoubleWords() {
        vtd.memory.put(PTE, 0);
        vtd.read(VA);
        assertThat(new long[] {vtd.read32(0x220), vtd.read32(0x224), vtd.read32(0x228), vtd.read32(0x22c)})
                .containsExactly(0x34567000L, 0x00007f12L, 0x80003a00L, 0xc1234571L);
    }

    @Test
    void aWriteToAReadOnlyPage() {
        vtd.memory.put(PTE, 0x00000002abcde005L);
        vtd.write(VA);
        assertRecord(PAGE, 0x8123458580003a00L);
    }

    @Test
    void anAtomicOpOnAReadOnlyPage() {
        vtd.memory.put(PTE, 0x00000002abcde005L);
        vtd.access(PASID, Operation.FETCH_ADD, PAGE, 0);
        assertRecord(PAGE, 0xc123458590003a00L);
    }

    @Test
    void aWriteWithoutAPasidEntry() {
        vtd.memory.put(PASID_ENTRY, 0);
        vtd.write(VA);
        assertRecord(PAGE, 0x8123455980003a00L);
    }

    @Test
    void aPageRequestOfAFunctionThatMayNotAsk() {
        vtd.memory.put(CONTEXT, 0x10010e0dL);
        vtd.request(PASID, PAGE, true, false, 5, true);
        assertRecord(PAGE, 0x8123454790003a00L);
    }

    @Test
    void aPrivilegedReadWithoutSre() {
        vtd.privilegedRead(PAGE);
        assertRecord(PAGE, 0xc123455da0003a00L);
    }

    @Test
    void aTranslationRequestOfAFunctionWithoutAts() {
        vtd.memory.put(CONTEXT, 0x10010e09L);
        assertThat(vtd.translate(PASID, PAGE, 0).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertRecord(PAGE, 0xd123454480003a00L);
    }

    @Test
    void aReadWithoutPasidOrContextEntry() {
        vtd.memory.put(CONTEXT, 0);
        vtd.readUntagged(0x1000);
        assertRecord(0x1000, 0xc000004100003a00L);
    }

    @Test
    void eachPieceOfATransactionFaultsWithItsOwnPage() {
        assertThat(vtd.submit(Dma.read(TestVtd.SID, PASID, NEXT_PAGE - 2, 4)).outcome())
                .isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.fault()[0]).isEqualTo(NEXT_PAGE);
    }
}
