package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.ASID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_PTE;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.testing.Dma;
import dev.sva4j.testing.FakeHardwareHost;
import dev.sva4j.vendor.smmu.layout.AtsCommands;
import dev.sva4j.vendor.smmu.layout.CommandError;
import dev.sva4j.vendor.smmu.layout.SyncCommand;
import dev.sva4j.vendor.smmu.layout.TlbiCommands;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** CMD_SYNC completes when, and only when, everything before it has taken effect (§4.7). */
@Timeout(30)
class SyncTest {
    private final TestSmmu smmu = TestSmmu.running();

    @Test
    void withNothingBeforeItASyncCompletesAtOnce() {
        assertThat(smmu.sync()).isTrue();
    }

    @Test
    void aSyncWaitsForTheAccessThatWasInFlight() throws InterruptedException {
        CountDownLatch inMemory = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        smmu.memory.onBlock = pa -> {
            inMemory.countDown();
            awaitUninterrupted(goOn);
        };
        Dma dma = Dma.read(SID, SSID, PAGE_VA, 8);
        Thread device = new Thread(() -> smmu.hardware.submit(dma));
        device.start();
        inMemory.await();

        smmu.memory.put(PAGE_PTE, 0);
        smmu.command(TlbiCommands.nhVaWord0(0, ASID), TlbiCommands.addressWord1(PAGE_VA, true));
        assertThat(smmu.isIdle())
                .as("commands other than CMD_SYNC wait for nobody")
                .isTrue();
        assertThat(smmu.sync()).isFalse();
        assertThat(smmu.isIdle()).isFalse();

        goOn.countDown();
        device.join();
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(smmu.isIdle()).isTrue();
        smmu.memory.onBlock = pa -> {};
        assertThat(smmu.reaches(PAGE_VA)).isFalse();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSyncWaitsForEveryAtcInvalidationAndForNoneAfterIt() {
        smmu.command(AtsCommands.atcInvWord0(true, SSID, SID, false), AtsCommands.atcInvAllWord1());
        smmu.command(AtsCommands.atcInvWord0(true, SSID, SID, false), AtsCommands.atcInvAllWord1());
        assertThat(smmu.sync()).isFalse();
        smmu.command(AtsCommands.atcInvWord0(true, SSID, SID, false), AtsCommands.atcInvAllWord1());
        assertThat(smmu.host.invalidations)
                .as("commands after CMD_SYNC have not started")
                .hasSize(2);

        acknowledge();
        assertThat(smmu.isIdle()).isFalse();
        acknowledge();
        assertThat(smmu.isIdle()).isTrue();
        assertThat(smmu.host.invalidations).hasSize(1);
        assertThat(smmu.sync()).isFalse();
        acknowledge();
        assertThat(smmu.isIdle()).isTrue();
    }

    private void acknowledge() {
        FakeHardwareHost.Invalidation invalidation = smmu.host.invalidations.remove();
        smmu.hardware.atcInvalidationComplete(invalidation.requester(), invalidation.tag());
    }

    @Test
    void anAnswerToNoInvalidationCompletesNothing() {
        smmu.command(AtsCommands.atcInvWord0(true, SSID, SID, false), AtsCommands.atcInvAllWord1());
        assertThat(smmu.sync()).isFalse();
        int tag = smmu.host.invalidations.element().tag();
        smmu.hardware.atcInvalidationComplete(SID, tag + 1);
        smmu.hardware.atcInvalidationComplete(SID + 1, tag);
        assertThat(smmu.isIdle()).isFalse();
    }

    @Test
    void aSyncFailsWhenTheAtcInvalidationTimeOutPasses() {
        smmu.command(AtsCommands.atcInvWord0(true, SSID, SID, false), AtsCommands.atcInvAllWord1());
        assertThat(smmu.sync()).isFalse();
        smmu.hardware.expireAtcInvalidations();
        assertThat(smmu.commandError()).isEqualTo(CommandError.CERROR_ATC_INV_SYNC.code());
        assertThat(smmu.cmdqCons() % 0x100).as("RD stays at the CMD_SYNC").isEqualTo(1);

        smmu.acknowledgeErrors();
        assertThat(smmu.isIdle()).as("the CMD_SYNC is tried again").isTrue();
    }

    @Test
    void disablingTheQueueAbandonsTheWait() {
        smmu.command(AtsCommands.atcInvWord0(true, SSID, SID, false), AtsCommands.atcInvAllWord1());
        assertThat(smmu.sync()).isFalse();
        smmu.cr0(TestSmmu.ALL_ON & ~TestSmmu.CMDQEN);
        assertThat(smmu.isIdle()).isFalse();
        smmu.cr0(TestSmmu.ALL_ON);
        assertThat(smmu.isIdle()).isTrue();
    }

    @Test
    void completionIsSignalledAsTheCommandSays() {
        smmu.command(SyncCommand.noneWord0(), 0);
        smmu.command(SyncCommand.sevWord0(), 0);
        assertThat(smmu.host.takeInterrupts()).isEmpty();
        smmu.command(SyncCommand.msiWord0(0x55), SyncCommand.msiWord1(0xFEE0_0000L - 0x8000_0000L));
        assertThat(smmu.host.takeInterrupts()).containsExactly("message 0x7ee00000 0x55");
        smmu.command(SyncCommand.msiWord0(0x55), 0);
        assertThat(smmu.host.takeInterrupts()).containsExactly("line 2");
    }

    @Test
    void aMessageToMemoryIsAStore() {
        smmu.memory.put(0x8020_0040L, 0x1111_1111_2222_2222L);
        smmu.command(SyncCommand.msiWord0(0), SyncCommand.msiWord1(0x8020_0040L));
        assertThat(smmu.memory.load(0x8020_0040L)).isEqualTo(0x1111_1111_0000_0000L);
        assertThat(smmu.host.takeInterrupts()).isEmpty();
    }
}
