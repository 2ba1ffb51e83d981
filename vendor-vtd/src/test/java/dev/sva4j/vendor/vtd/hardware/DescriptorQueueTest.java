package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.FSTS;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.GSTS;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.ICS;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.IECTL;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.IQA;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.IQE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.IQERCD;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.IQH;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.IQT;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.QIE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.QUEUE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.STATUS;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.TE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How descriptors are fetched, and the errors of the queue (6.5.2). */
class DescriptorQueueTest {
    private static final long WAIT = 0x0000000200000025L;
    private static final long FENCE = 0x0000000000000045L;

    private final TestVtd vtd = TestVtd.running();

    private long iqei() {
        return vtd.read64(IQERCD) & 0xf;
    }

    private void assertStoppedAt(long head, int iqei) {
        assertThat(vtd.fsts() & IQE).isEqualTo(IQE);
        assertThat(iqei()).isEqualTo(iqei);
        assertThat(vtd.read64(IQH)).isEqualTo(head);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00003a0000000031 0",
                "0000000000000011 0",
                "0001234500010017 0",
                "0000000000010007 0",
                "0000000000000037 0",
                "00000000004200e2 0",
                "00000000004200f2 0000000012345000",
                "00000000000000d2 0",
                "0000000000000004 0",
                "0000002010000014 0",
                "0001234500010026 0",
                "0001234500010036 00007f1234567000",
                "0000000000000045 0",
                "0000000200000045 0",
                "0000000000000015 0",
                "0000000200000025 0000000010060010",
                "00000002000000a5 0000000010060010",
                "000123453a000008 00007f1234567000",
                "3a0123453a000008 7ffffffffffff800",
                "3a0123453a091008 00007f12344ff800",
                "000123453a000108 0",
                "00003a0000000003 00007f1234567001",
                "000123453a000019 0000000000000028",
                "000123453a001019 0000000000000028",
                "000123453a00f019 0000000000000028",
                "000123453a000019 000000000000002c"
            })
    void theDescriptorsOfTheVectorsAreTaken(String words) {
        String[] word = words.split(" ", -1);
        vtd.submit(Long.parseUnsignedLong(word[0], 16), Long.parseUnsignedLong(word[1], 16));
        assertThat(vtd.fsts()).isZero();
        assertThat(vtd.read64(IQH)).isEqualTo(32);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 3", // no type
        "a, 0, 3", // hpt_inv
        "205, 0, 3", // type 0x15
        "1, 0, 4", // cc_inv without granularity
        "51, 0, 4", // cc_inv, bit 6
        "2, 0, 4", // iotlb_inv without granularity
        "f2, 13, 4", // AM above MAMV
        "d2, 80, 4", // iotlb_inv, bit 7 of word 1
        "16, 0, 4", // p_iotlb_inv, granularity 1
        "6, 0, 4", // p_iotlb_inv, granularity 0
        "27, 0, 4", // pc_inv, granularity 2
        "3, 2, 4", // dev_tlb_inv, bit 1 of word 1
        "2019, 28, 4", // response code 2
        "105, 0, 4" // inv_wait, bit 8
    })
    void aBadDescriptorStopsTheQueue(String word0, String word1, int iqei) {
        vtd.submit(FENCE);
        vtd.submit(Long.parseLong(word0, 16), Long.parseLong(word1, 16));
        assertStoppedAt(32, iqei);
    }

    @Test
    void reservedWordsOfADescriptorMustBeZero() {
        vtd.submit(FENCE, 0, 1);
        assertStoppedAt(0, 4);
    }

    @Test
    void pdNeedsPds() {
        TestVtd other = TestVtd.running(TestVtd.with(ExtendedCapabilityRegister.PDS, 0));
        other.submit(0x00000002000000a5L, STATUS);
        assertThat(other.read64(IQERCD) & 0xf).isEqualTo(4);
    }

    @Test
    void pfsidNeedsDit() {
        TestVtd other = TestVtd.running(TestVtd.with(ExtendedCapabilityRegister.DIT, 0));
        other.submit(0x3a0123453a000008L, 0);
        assertThat(other.read64(IQERCD) & 0xf).isEqualTo(4);
    }

    @Test
    void pageSelectiveInvalidationNeedsPsi() {
        TestVtd other = TestVtd.running(TestVtd.with(CapabilityRegister.PSI, 0));
        other.submit(0x00000000004200f2L, 0x12345000L);
        assertThat(other.read64(IQERCD) & 0xf).isEqualTo(4);
    }

    @Test
    void deviceTlbInvalidationNeedsDt() {
        TestVtd other = TestVtd.running(TestVtd.with(ExtendedCapabilityRegister.DT, 0));
        other.submit(0x00003a0000000003L, 0);
        assertThat(other.read64(IQERCD) & 0xf).isEqualTo(3);
    }

    @Test
    void pageGroupResponseNeedsPrs() {
        TestVtd other = TestVtd.running(TestVtd.with(ExtendedCapabilityRegister.PRS, 0));
        other.submit(0x000123453a000019L, 0x28);
        assertThat(other.read64(IQERCD) & 0xf).isEqualTo(3);
    }

    @Test
    void anErrorInterruptsOnce() {
        vtd.submit(0);
        vtd.submit(FENCE);
        assertThat(vtd.host.takeInterrupts()).containsExactly("message 0xfee00000 0x38");
    }

    @Test
    void whileStoppedNothingIsFetched() {
        vtd.submit(0);
        assertThat(vtd.sync()).isFalse();
        assertThat(vtd.read64(IQH)).isZero();
    }

    @Test
    void afterTheDescriptorWasReplacedAndTheErrorClearedTheQueueGoesOn() {
        vtd.submit(0);
        assertThat(vtd.sync()).isFalse();
        vtd.memory.put(QUEUE, FENCE);
        vtd.write32(FSTS, IQE);
        assertThat(vtd.isSynced()).isTrue();
        assertThat(vtd.fsts()).isZero();
        assertThat(vtd.read64(IQH)).isEqualTo(64);
    }

    @Test
    void clearingTheErrorAloneStopsAtTheSameDescriptorAgain() {
        vtd.submit(0);
        vtd.write32(FSTS, IQE);
        assertStoppedAt(0, 3);
    }

    @Test
    void aTailBeyondTheQueueIsAnError() {
        vtd.write64(IQT, 8192);
        assertStoppedAt(0, 1);
    }

    @Test
    void aTailInTheMiddleOfADescriptorIsAnError() {
        vtd.write64(IQT, 16);
        assertStoppedAt(0, 6);
    }

    @Test
    void aQueueInNoMemoryIsAnError() {
        vtd.command(TE);
        vtd.write64(IQA, 0x0000000008000801L);
        vtd.write64(IQT, 0);
        vtd.command(TE | QIE);
        vtd.write64(IQT, 32);
        assertStoppedAt(0, 2);
    }

    @Test
    void shortDescriptorsAreAnErrorInScalableMode() {
        vtd.command(TE);
        vtd.write64(IQA, 0x0000000010050001L);
        vtd.write64(IQT, 0);
        vtd.command(TE | QIE);
        vtd.write64(IQT, 16);
        assertStoppedAt(0, 5);
    }

    @Test
    void aReservedModeIsAnError() {
        vtd.write64(TestVtd.RTADDR, TestVtd.ROOT + 0x800);
        vtd.command(TE | QIE | TestVtd.SRTP);
        vtd.submit(FENCE);
        assertStoppedAt(0, 7);
    }

    @Test
    void theQueueGoesRound() {
        for (int i = 0; i < 300; i++) {
            assertThat(vtd.sync()).isTrue();
        }
        assertThat(vtd.read64(IQH)).isEqualTo(300 % 256 * 32);
    }

    @Test
    void aWaitWritesFourBytes() {
        vtd.memory.put(STATUS, 0x1111111122222222L);
        vtd.submit(WAIT, STATUS + 4);
        assertThat(vtd.memory.load(STATUS)).isEqualTo(0x0000000222222222L);
    }

    @Test
    void aWaitWithIfInterruptsUnlessItHasNotBeenNoticedBefore() {
        vtd.submit(0x15L);
        vtd.submit(0x15L);
        assertThat(vtd.read32(ICS)).isEqualTo(1);
        assertThat(vtd.host.takeInterrupts()).containsExactly("message 0xfee00000 0xa0");
        vtd.write32(ICS, 1);
        vtd.submit(0x15L);
        assertThat(vtd.host.takeInterrupts()).containsExactly("message 0xfee00000 0xa0");
    }

    @Test
    void aMaskedCompletionEventGoesWithIwc() {
        vtd.write32(IECTL, 0x8000_0000);
        vtd.submit(0x15L);
        assertThat(vtd.read32(IECTL)).isEqualTo(0xc000_0000L);
        vtd.write32(ICS, 1);
        assertThat(vtd.read32(IECTL)).isEqualTo(0x8000_0000L);
    }

    @Test
    void aWaitToNoMemoryCompletesUnheard() {
        vtd.submit(WAIT, 0x0800_0000L);
        assertThat(vtd.fsts()).isZero();
        assertThat(vtd.sync()).isTrue();
    }

    @Test
    void disablingTheQueueRewindsIt() {
        vtd.sync();
        vtd.command(TE);
        assertThat(vtd.read64(IQH)).isZero();
        assertThat(vtd.read32(GSTS) & QIE).isZero();
    }

    @Test
    void nothingIsFetchedWhileTheQueueIsDisabled() {
        vtd.command(TE);
        vtd.write64(IQT, 0);
        assertThat(vtd.sync()).isFalse();
        vtd.command(TE | QIE);
        assertThat(vtd.isSynced()).isTrue();
    }

    @Test
    void deferredDescriptorsAreTakenByATask() {
        TestVtd late = TestVtd.running(new Behaviour(0, 64, 64, false, false, false, true));
        late.memory.put(STATUS, 0);
        late.submit(WAIT, STATUS);
        late.submit(FENCE);
        assertThat(late.isSynced()).isFalse();
        assertThat(late.host.tasks).hasSize(1);
        late.host.runTasks();
        assertThat(late.isSynced()).isTrue();
    }

    @Test
    void legacyModeKnowsDescriptorsOfEitherWidthButNoPasids() {
        TestVtd legacy = new TestVtd(Behaviour.TYPICAL, CapabilityRegisters.PRODUCT);
        legacy.write64(IQA, 0x0000000010050001L);
        legacy.command(QIE);
        legacy.memory.put(QUEUE, 0x11, 0, 0xd2, 0, WAIT, STATUS);
        legacy.write64(IQT, 48);
        assertThat(legacy.isSynced()).isTrue();
        legacy.memory.put(QUEUE + 48, 0x37, 0);
        legacy.write64(IQT, 64);
        assertThat(legacy.read64(IQERCD) & 0xf).isEqualTo(3);
        assertThat(legacy.read64(IQH)).isEqualTo(48);
    }

    @Test
    void wideDescriptorsNeedScalableMode() {
        TestVtd old = new TestVtd(Behaviour.TYPICAL, TestVtd.with(ExtendedCapabilityRegister.SMTS, 0));
        old.write64(IQA, 0x0000000010050801L);
        old.command(QIE);
        old.submit(0x11L);
        assertThat(old.read64(IQERCD) & 0xf).isEqualTo(5);
    }
}
