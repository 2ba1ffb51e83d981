package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.FSTS;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.ICE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.IQERCD;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.IQH;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.ITE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PAGE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PTE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.SID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.STATUS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.testing.Dma;
import dev.sva4j.testing.FakeHardwareHost.Invalidation;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** inv_wait completes when, and only when, everything before it has taken effect (6.5.2.8, 6.5.2.10, 6.5.2.11). */
@Timeout(30)
class WaitTest {
    private static final long DEV_TLB = 0x000123453a000008L;
    private static final long EVERYTHING = 0x7ffffffffffff800L;
    private static final long P_IOTLB = 0x0001234500010026L;

    private final TestVtd vtd = TestVtd.running();

    /** An access of a device that is held up on its way to memory. */
    private final class HeldAccess {
        private final CountDownLatch inMemory = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final Dma dma = Dma.read(SID, PASID, PAGE, 4);
        private final Thread device = new Thread(() -> vtd.hardware.submit(dma));

        HeldAccess() throws InterruptedException {
            vtd.memory.onBlock = pa -> {
                inMemory.countDown();
                await(goOn);
            };
            device.start();
            inMemory.await();
        }

        void end() throws InterruptedException {
            goOn.countDown();
            device.join();
            vtd.memory.onBlock = pa -> {};
            assertThat(dma.outcome()).isEqualTo(CompletionStatus.SUCCESS);
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void acknowledge() {
        Invalidation invalidation = vtd.host.invalidations.remove();
        vtd.hardware.atcInvalidationComplete(invalidation.requester(), invalidation.tag());
    }

    @Test
    void withNothingBeforeItAWaitCompletesAtOnce() {
        assertThat(vtd.sync()).isTrue();
    }

    @Test
    void aWaitWaitsForTheAccessThatWasInFlight() throws InterruptedException {
        HeldAccess access = new HeldAccess();
        vtd.memory.put(PTE, 0);
        vtd.submit(P_IOTLB);
        assertThat(vtd.sync()).isFalse();
        access.end();
        assertThat(vtd.isSynced()).isTrue();
        assertThat(vtd.reaches(PAGE)).isFalse();
    }

    @Test
    void aWaitWaitsForEveryDeviceTlb() {
        vtd.submit(DEV_TLB, EVERYTHING);
        vtd.submit(DEV_TLB, EVERYTHING);
        assertThat(vtd.sync()).isFalse();
        acknowledge();
        assertThat(vtd.isSynced()).isFalse();
        acknowledge();
        assertThat(vtd.isSynced()).isTrue();
    }

    @Test
    void whatIsBehindAWaitStartsAfterIt() {
        vtd.submit(DEV_TLB, EVERYTHING);
        assertThat(vtd.sync()).isFalse();
        vtd.submit(DEV_TLB, EVERYTHING);
        assertThat(vtd.host.invalidations).hasSize(1);
        acknowledge();
        assertThat(vtd.host.invalidations).hasSize(1);
    }

    @Test
    void aDeviceTlbInvalidationIsSentWhenTheIotlbInvalidationBeforeItHasTakenEffect() throws InterruptedException {
        HeldAccess access = new HeldAccess();
        vtd.submit(P_IOTLB);
        vtd.submit(DEV_TLB, EVERYTHING);
        assertThat(vtd.host.invalidations)
                .as("the function could fetch the old translation again")
                .isEmpty();
        access.end();
        assertThat(vtd.host.invalidations).hasSize(1);
    }

    @Test
    void aDeviceTlbInvalidationAloneIsSentAtOnce() throws InterruptedException {
        HeldAccess access = new HeldAccess();
        vtd.submit(DEV_TLB, EVERYTHING);
        assertThat(vtd.host.invalidations).hasSize(1);
        access.end();
    }

    @Test
    void aWaitWithPdFindsThePageRequestsThatWereSentBeforeTheAnswer() {
        vtd.submit(DEV_TLB, EVERYTHING);
        vtd.memory.put(STATUS, 0);
        vtd.submit(0x00000002000000a5L, STATUS);
        vtd.request(PASID, PAGE, true, false, 5, true);
        assertThat(vtd.isSynced()).isFalse();
        acknowledge();
        assertThat(vtd.isSynced()).isTrue();
        assertThat(vtd.read64(TestVtd.PQT)).isEqualTo(32);
    }

    @Test
    void aFunctionThatDoesNotAnswerInTimeAbortsTheWait() {
        vtd.submit(DEV_TLB, EVERYTHING);
        assertThat(vtd.sync()).isFalse();
        vtd.hardware.expireDeviceTlbInvalidations();
        assertThat(vtd.fsts()).isEqualTo(ITE);
        assertThat(vtd.read64(IQERCD) >>> 32 & 0xffff).as("ITESID").isEqualTo(SID);
        assertThat(vtd.read64(IQH)).as("neither advanced nor rewound").isEqualTo(64);
        assertThat(vtd.host.takeInterrupts()).containsExactly("message 0xfee00000 0x38");

        assertThat(vtd.sync()).as("nothing is fetched").isFalse();
        vtd.write32(FSTS, ITE);
        assertThat(vtd.isSynced()).as("the wait behind it").isTrue();
    }

    @Test
    void theStatusOfAnAbortedWaitIsNeverWritten() {
        vtd.submit(DEV_TLB, EVERYTHING);
        assertThat(vtd.sync()).isFalse();
        vtd.hardware.expireDeviceTlbInvalidations();
        vtd.write32(FSTS, ITE);
        assertThat(vtd.isSynced()).isFalse();
    }

    @Test
    void anAnswerToNoQuestionIsAnErrorThatStopsNothing() {
        vtd.hardware.atcInvalidationComplete(SID, 77);
        assertThat(vtd.fsts()).isEqualTo(ICE);
        assertThat(vtd.read64(IQERCD) >>> 48).as("ICESID").isEqualTo(SID);
        assertThat(vtd.sync()).isTrue();
        vtd.write32(FSTS, ICE);
        assertThat(vtd.fsts()).isZero();
    }

    @Test
    void disablingTheQueueAbandonsTheWait() {
        vtd.submit(DEV_TLB, EVERYTHING);
        assertThat(vtd.sync()).isFalse();
        vtd.command(TestVtd.TE);
        vtd.write64(TestVtd.IQT, 0);
        vtd.command(TestVtd.TE | TestVtd.QIE);
        assertThat(vtd.sync()).isTrue();
    }

    @Test
    void turningTranslationOffIsAcknowledgedWhenTheLastAccessHasEnded() throws InterruptedException {
        HeldAccess access = new HeldAccess();
        vtd.command(TestVtd.QIE);
        assertThat(vtd.read32(TestVtd.GSTS)).isEqualTo(0xc400_0000L);
        access.end();
        assertThat(vtd.read32(TestVtd.GSTS)).isEqualTo(0x4400_0000L);
    }

    @Test
    void aNewRootTableIsTakenWhenTheLastAccessHasEnded() throws InterruptedException {
        HeldAccess access = new HeldAccess();
        vtd.command(TestVtd.TE | TestVtd.QIE | TestVtd.SRTP);
        assertThat(vtd.read32(TestVtd.GSTS)).isEqualTo(0x8400_0000L);
        access.end();
        assertThat(vtd.read32(TestVtd.GSTS)).isEqualTo(0xc400_0000L);
    }
}
