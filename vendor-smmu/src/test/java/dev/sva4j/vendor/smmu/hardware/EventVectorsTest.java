package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0_STALL;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.L1CD;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import org.junit.jupiter.api.Test;

/** The records of reference §12.7 as the model writes them (IHI 0070 §7.3), to the last bit. */
class EventVectorsTest {
    private static final long SSV_SSID_SID = 0x0000123400c05800L;

    private final TestSmmu smmu = TestSmmu.running();

    private void assertEvent(long... expected) {
        assertThat(smmu.event()).containsExactly(expected);
    }

    /** Uses up STAGs, so that the next stall gets this one. */
    private void nextStag(int stag) {
        for (int i = 1; i < stag; i++) {
            smmu.read(0x7F12_3456_8000L);
            long[] event = smmu.event();
            smmu.done(0x0000123400002044L, event[1] & 0xffff);
        }
    }

    @Test
    void fTranslationOfAStalledRead() {
        smmu.cd0(CD0_STALL);
        nextStag(0x55);
        smmu.submit(Dma.read(SID, SSID, 0x7F12_3456_8010L, 8));
        assertEvent(0x0000123400c05810L, 0x0000020880000055L, 0x00007f1234568010L, 0);
    }

    @Test
    void recordsAreLittleEndianInMemory() {
        smmu.cd0(CD0_STALL);
        smmu.submit(Dma.read(SID, SSID, 0x7F12_3456_8010L, 8));
        assertThat(smmu.memory.bytes(TestSmmu.EVENTQ, 24))
                .containsExactly(
                        0x10, 0x58, 0xc0, 0x00, 0x34, 0x12, 0x00, 0x00, 0x01, 0x00, 0x00, 0x80, 0x08, 0x02, 0x00, 0x00,
                        0x10, 0x80, 0x56, 0x34, 0x12, 0x7f, 0x00, 0x00);
    }

    @Test
    void fTranslationOfATerminatedWrite() {
        smmu.submit(Dma.write(SID, SSID, 0x7F12_3456_8010L, new byte[8]));
        assertEvent(0x0000123400c05810L, 0x0000020000000000L, 0x00007f1234568010L, 0);
    }

    @Test
    void fPermissionOfAStalledWrite() {
        smmu.cd0(CD0_STALL);
        nextStag(0x56);
        smmu.submit(Dma.write(SID, SSID, 0x7F12_8000_0010L, new byte[8]));
        assertEvent(0x0000123400c05813L, 0x0000020080000056L, 0x00007f1280000010L, 0);
    }

    @Test
    void fAddrSizeAndFAccessOfReads() {
        smmu.submit(Dma.read(SID, SSID, 0x7F12_3456_989AL, 1));
        assertEvent(0x0000123400c05811L, 0x0000020800000000L, 0x00007f123456989aL, 0);
        smmu.submit(Dma.read(SID, SSID, 0x7F12_3456_A89AL, 1));
        assertEvent(0x0000123400c05812L, 0x0000020800000000L, 0x00007f123456a89aL, 0);
    }

    @Test
    void fWalkEabtNamesTheDescriptor() {
        smmu.memory.hole(0x81236D10L, 8);
        assertThat(smmu.submit(Dma.read(SID, SSID, 0x7F12_3456_789AL, 1)).outcome())
                .isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertEvent(0x0000123400c0580bL, 0x0000010800000000L, 0x00007f123456789aL, 0x0000000081236d10L);
    }

    @Test
    void cBadStreamIdBeyondTheTable() {
        smmu.submit(Dma.read(0x10001, Pasid.NONE, 0x1000, 8));
        assertEvent(0x0001000100000002L, 0, 0, 0);
    }

    @Test
    void fSteFetchNamesTheEntry() {
        smmu.memory.hole(0x80300D00L, 64);
        smmu.submit(Dma.read(SID, Pasid.NONE, 0x1000, 8));
        assertEvent(0x0000123400000003L, 0, 0, 0x80300d00L);
    }

    @Test
    void fSteFetchNamesTheFirstLevelDescriptor() {
        smmu.memory.hole(0x80100090L, 8);
        smmu.submit(Dma.read(SID, Pasid.NONE, 0x1000, 8));
        assertEvent(0x0000123400000003L, 0, 0, 0x80100090L);
    }

    @Test
    void fCdFetchNamesTheDescriptor() {
        smmu.memory.hole(0x80510140L, 64);
        smmu.read(0x1000);
        assertEvent(0x0000123400c05809L, 0, 0, 0x80510140L);
    }

    @Test
    void fCdFetchNamesTheFirstLevelDescriptor() {
        smmu.memory.hole(0x80500018L, 8);
        smmu.read(0x1000);
        assertEvent(0x0000123400c05809L, 0, 0, 0x80500018L);
    }

    @Test
    void cBadSteHasNoMoreThanTheStream() {
        smmu.ste(0);
        smmu.submit(Dma.read(SID, Pasid.NONE, 0x1000, 8));
        assertEvent(0x0000123400000004L, 0, 0, 0);
    }

    @Test
    void cBadCd() {
        smmu.cd0(0);
        smmu.read(0x1000);
        assertEvent(0x0000123400c0580aL, 0, 0, 0);
    }

    @Test
    void cBadSubstreamIdHasNoSsv() {
        smmu.memory.put(L1CD, 0);
        smmu.read(0x1000);
        assertEvent(0x0000123400c05008L, 0, 0, 0);
    }

    @Test
    void fStreamDisabledHasNoSubstreamId() {
        smmu.ste(STE0, StreamTableEntry.S1DSS.put(STE1, 0));
        smmu.submit(Dma.read(SID, Pasid.NONE, 0x1000, 8));
        assertEvent(0x0000123400000006L, 0, 0, 0);
    }

    @Test
    void fStreamDisabledOfSubstream0HasNoSubstreamIdEither() {
        smmu.submit(Dma.read(SID, 0, 0x1000, 8));
        assertEvent(0x0000123400000006L, 0, 0, 0);
    }

    @Test
    void fTranslForbiddenOfAWrite() {
        smmu.ste(STE0, StreamTableEntry.EATS.put(STE1, 0));
        smmu.cr0(TestSmmu.ALL_ON | TestSmmu.ATSCHK);
        smmu.submit(Dma.translated(SID, SSID, Operation.WRITE, 0x8ABC_D000L, 8));
        assertEvent(0x0000123400000007L, 0, 0x000000008abcd000L, 0);
    }

    @Test
    void fBadAtsTreqOfARequestWithWriteIntent() {
        smmu.ste(STE0, StreamTableEntry.EATS.put(STE1, 0));
        smmu.submit(Dma.translationRequest(SID, SSID, 0x7F12_3456_7000L, 0));
        assertEvent(0x0000123400c05805L, 0x00000000c0000001L, 0x00007f1234567000L, 0);
        smmu.submit(Dma.translationRequest(
                SID,
                SSID,
                0x7F12_3456_7000L,
                Transaction.NO_WRITE | Transaction.PRIVILEGED | Transaction.EXECUTE_REQUESTED));
        assertEvent(0x0000123400c05805L, 0x00000000b0000001L, 0x00007f1234567000L, 0);
    }

    @Test
    void accessAttributesArePnUAndInDAndRnW() {
        smmu.access(SSID, Operation.EXECUTE, 0x7F12_3456_8000L, Transaction.PRIVILEGED);
        assertEvent(SSV_SSID_SID | 0x10, 0x0000020e00000000L, 0x7F12_3456_8000L, 0);
        smmu.access(SSID, Operation.WRITE, 0x7F12_3456_8000L, Transaction.PRIVILEGED);
        assertEvent(SSV_SSID_SID | 0x10, 0x0000020200000000L, 0x7F12_3456_8000L, 0);
        smmu.access(SSID, Operation.FETCH_ADD, 0x7F12_3456_8000L, 0);
        assertEvent(SSV_SSID_SID | 0x10, 0x0000020000000000L, 0x7F12_3456_8000L, 0);
    }

    @Test
    void withoutAPasidAnAccessIsUnprivilegedAndToData() {
        smmu.memory.put(0x8050_0000L, 0x80520001L);
        smmu.memory.put(0x8052_0000L, TestSmmu.CD0, TestSmmu.TTB0);
        smmu.access(Pasid.NONE, Operation.EXECUTE, 0x7F12_3456_8000L, Transaction.PRIVILEGED);
        assertEvent(0x0000123400000010L, 0x0000020800000000L, 0x7F12_3456_8000L, 0);
    }

    @Test
    void aMisalignedAtomicIsFUut() {
        assertThat(smmu.access(SSID, Operation.FETCH_ADD, 0x7F12_3456_7004L, 0).outcome())
                .isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertEvent(SSV_SSID_SID | 0x01, 0, 0x7F12_3456_7004L, 0);
    }

    @Test
    void theInputAddressKeepsItsTopByte() {
        smmu.cd0(TestSmmu.CD0 | 1L << 38);
        smmu.submit(Dma.read(SID, SSID, 0x5A00_7F12_3456_8010L, 8));
        assertEvent(0x0000123400c05810L, 0x0000020800000000L, 0x5A00_7f1234568010L, 0);
    }

    @Test
    void anAccessOverTwoPagesRecordsThePageThatFaults() {
        smmu.submit(Dma.read(SID, SSID, 0x7F12_3456_7FF0L, 64));
        assertEvent(0x0000123400c05810L, 0x0000020800000000L, 0x00007f1234568000L, 0);
    }
}
