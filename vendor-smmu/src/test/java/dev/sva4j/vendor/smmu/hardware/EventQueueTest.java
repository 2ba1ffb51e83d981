package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.ALL_ON;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0_STALL;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.EVENTQEN;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.MISSING_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.smmu.layout.ConfigurationCommands;
import dev.sva4j.vendor.smmu.layout.ControlRegisters;
import dev.sva4j.vendor.smmu.layout.EventRecord;
import dev.sva4j.vendor.smmu.layout.InterruptRegisters;
import dev.sva4j.vendor.smmu.layout.QueueRegisters;
import dev.sva4j.vendor.smmu.layout.StallCommands;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Room, overflow, errors and interrupts of the Event queue (§3.5.4, §7.2, §7.4). */
class EventQueueTest {
    private static final int SIZE = 128;

    private final TestSmmu smmu = TestSmmu.running();

    private long prod() {
        return smmu.read32(QueueRegisters.EVENTQ_PROD.offset());
    }

    private void fill() {
        for (int i = 0; i < SIZE; i++) {
            smmu.read(MISSING_VA);
        }
        assertThat(prod()).isEqualTo(SIZE);
    }

    @Test
    void anEventThatFindsTheQueueFullIsLostAndRaisesTheOverflowOnce() {
        fill();
        smmu.read(MISSING_VA);
        assertThat(prod()).isEqualTo(0x8000_0000L + SIZE);
        smmu.read(MISSING_VA);
        assertThat(prod()).isEqualTo(0x8000_0000L + SIZE);
        assertThat(smmu.takeEvents()).hasSize(SIZE);
    }

    @Test
    void anUnacknowledgedOverflowDoesNotKeepEventsOut() {
        fill();
        smmu.read(MISSING_VA);
        smmu.write32(QueueRegisters.EVENTQ_CONS.offset(), 1);
        smmu.read(MISSING_VA);
        assertThat(prod()).isEqualTo(0x8000_0000L + SIZE + 1);
    }

    @Test
    void aSecondOverflowTogglesTheFlagBack() {
        fill();
        smmu.read(MISSING_VA);
        smmu.takeEvents();
        for (int i = 0; i <= SIZE; i++) {
            smmu.read(MISSING_VA);
        }
        assertThat(QueueRegisters.EVENTQ_PROD_OVFLG.isSet(prod())).isFalse();
        assertThat(QueueRegisters.EVENTQ_CONS_OVACKFLG.isSet(smmu.read32(QueueRegisters.EVENTQ_CONS.offset())))
                .isTrue();
    }

    @Test
    void anEventThatFindsTheQueueDisabledIsLostWithoutAnOverflow() {
        smmu.cr0(ALL_ON & ~EVENTQEN);
        smmu.read(MISSING_VA);
        smmu.cr0(ALL_ON);
        assertThat(prod()).isZero();
    }

    @Test
    void theInterruptIsTheEdgeFromEmptyToNotEmpty() {
        smmu.read(MISSING_VA);
        assertThat(smmu.host.takeInterrupts()).containsExactly("line 0");
        smmu.read(MISSING_VA);
        assertThat(smmu.host.takeInterrupts()).isEmpty();
        smmu.takeEvents();
        smmu.read(MISSING_VA);
        assertThat(smmu.host.takeInterrupts()).containsExactly("line 0");
    }

    @Test
    void theInterruptIsAMessageIfThereIsAnAddress() {
        smmu.write32(InterruptRegisters.IRQ_CTRL.offset(), 0);
        smmu.write64(InterruptRegisters.EVENTQ_IRQ_CFG0.offset(), 0x1000_0040L);
        smmu.write32(InterruptRegisters.EVENTQ_IRQ_CFG1.offset(), 0x77);
        smmu.write32(InterruptRegisters.IRQ_CTRL.offset(), 7);
        smmu.read(MISSING_VA);
        assertThat(smmu.host.takeInterrupts()).containsExactly("message 0x10000040 0x77");
    }

    @Test
    void aDisabledInterruptIsNotSent() {
        smmu.write32(InterruptRegisters.IRQ_CTRL.offset(), 3);
        smmu.read(MISSING_VA);
        assertThat(smmu.host.takeInterrupts()).isEmpty();
    }

    @Test
    void aWriteThatAbortsIsAGlobalErrorAndNothingIsWrittenUntilItIsAcknowledged() {
        smmu.cr0(ALL_ON & ~EVENTQEN);
        smmu.write64(QueueRegisters.EVENTQ_BASE.offset(), 0x1000_0007L);
        smmu.cr0(ALL_ON);
        smmu.read(MISSING_VA);
        assertThat(smmu.gerror()).isEqualTo(InterruptRegisters.GERROR_EVENTQ_ABT_ERR.mask());
        assertThat(smmu.host.takeInterrupts()).containsExactly("line 3");
        smmu.read(MISSING_VA);
        assertThat(prod()).isZero();

        smmu.cr0(ALL_ON & ~EVENTQEN);
        smmu.write64(QueueRegisters.EVENTQ_BASE.offset(), TestSmmu.EVENTQ | 7);
        smmu.cr0(ALL_ON);
        smmu.acknowledgeErrors();
        smmu.read(MISSING_VA);
        assertThat(prod()).isEqualTo(1);
    }

    @Test
    void aStallWaitsForRoomAndRaisesNoOverflow() {
        fill();
        smmu.cd0(CD0_STALL);
        smmu.done(ConfigurationCommands.cfgiCdWord0(SID, SSID), ConfigurationCommands.cfgiCdWord1(true));
        Dma dma = smmu.read(MISSING_VA);
        assertThat(dma.outcome()).isNull();
        assertThat(prod()).isEqualTo(SIZE);
        assertThat(smmu.takeEvents()).hasSize(SIZE);

        long[] event = smmu.event();
        assertThat(EventRecord.STALL.isSet(event[1])).isTrue();
        smmu.done(StallCommands.resumeAbortWord0(SID), EventRecord.STAG.get(event[1]));
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
    }

    @Test
    void aStallWaitsForTheQueueToBeEnabled() {
        smmu.cd0(CD0_STALL);
        smmu.cr0(ALL_ON & ~EVENTQEN);
        smmu.read(MISSING_VA);
        smmu.read(MISSING_VA);
        assertThat(prod()).isZero();
        smmu.host.takeInterrupts();
        smmu.cr0(ALL_ON);
        assertThat(smmu.takeEvents()).hasSize(2);
        assertThat(smmu.host.takeInterrupts()).containsExactly("line 0");
    }

    @Test
    void recordsOfTerminatedStallsAreDiscarded() {
        smmu.cd0(CD0_STALL);
        smmu.cr0(ALL_ON & ~EVENTQEN);
        Dma dma = smmu.read(MISSING_VA);
        smmu.command(StallCommands.stallTermWord0(SID), 0);
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        smmu.cr0(ALL_ON);
        assertThat(smmu.takeEvents()).isEmpty();
    }

    @Test
    void cBadStreamIdIsRecordedOnlyOnRequest() {
        TestSmmu silent = new TestSmmu(Behaviour.TYPICAL, IdRegisters.PRODUCT);
        silent.bringUp();
        silent.cr0(0);
        silent.write32(ControlRegisters.CR2.offset(), 0);
        silent.cr0(ALL_ON);
        silent.submit(Dma.read(0x10001, 1, 0x1000, 8));
        assertThat(silent.takeEvents()).isEmpty();
    }

    @Test
    void eventsOfManyThreadsAreAllThere() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int n = 0; n < SIZE / 4; n++) {
                    smmu.read(MISSING_VA);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(prod()).isEqualTo(SIZE);
        assertThat(smmu.takeEvents())
                .hasSize(SIZE)
                .allSatisfy(event ->
                        assertThat(event).containsExactly(0x0000123400c05810L, 0x0000020800000000L, MISSING_VA, 0));
    }
}
