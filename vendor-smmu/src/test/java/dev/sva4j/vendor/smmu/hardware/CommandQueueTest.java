package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.ALL_ON;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CMDQEN;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.vendor.smmu.layout.Command;
import dev.sva4j.vendor.smmu.layout.CommandError;
import dev.sva4j.vendor.smmu.layout.ConfigurationCommands;
import dev.sva4j.vendor.smmu.layout.ControlRegisters;
import dev.sva4j.vendor.smmu.layout.InterruptRegisters;
import dev.sva4j.vendor.smmu.layout.QueueRegisters;
import dev.sva4j.vendor.smmu.layout.SyncCommand;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Consumption of the Command queue and its errors (§3.5, §7.1). */
class CommandQueueTest {
    private static final long PREFETCH = 0x01;
    private static final long UNKNOWN = 0x99;

    private final TestSmmu smmu = TestSmmu.running();

    @Test
    void theDoorbellConsumesUpToProdAndThenTheQueueIsEmpty() {
        long prod = 0;
        for (int i = 0; i < 5; i++) {
            prod = smmu.enqueue(prod, PREFETCH, 0);
        }
        assertThat(smmu.cmdqCons()).isZero();
        smmu.ring(prod);
        assertThat(smmu.cmdqCons()).isEqualTo(5);
    }

    @Test
    void aFullQueueIsConsumedToTheWrapBit() {
        long prod = 0;
        for (int i = 0; i < 256; i++) {
            prod = smmu.enqueue(prod, PREFETCH, 0);
        }
        assertThat(prod).isEqualTo(0x100);
        smmu.ring(prod);
        assertThat(smmu.cmdqCons()).isEqualTo(0x100);
    }

    @Test
    void indexesWrapAroundTwice() {
        for (int i = 0; i < 600; i++) {
            smmu.command(PREFETCH, 0);
        }
        assertThat(smmu.cmdqCons()).isEqualTo(600 % 512);
        assertThat(smmu.isIdle()).isTrue();
    }

    @Test
    void nothingIsConsumedWhileTheQueueIsDisabled() {
        smmu.cr0(ALL_ON & ~CMDQEN);
        smmu.command(PREFETCH, 0);
        assertThat(smmu.cmdqCons()).isZero();
        smmu.cr0(ALL_ON);
        assertThat(smmu.cmdqCons()).isEqualTo(1);
    }

    @Test
    void indexesAndBaseBelongToSoftwareOnlyWhileTheQueueIsDisabled() {
        smmu.write32(QueueRegisters.CMDQ_CONS.offset(), 7);
        smmu.write64(QueueRegisters.CMDQ_BASE.offset(), 0x90000004L);
        assertThat(smmu.cmdqCons()).isZero();
        assertThat(smmu.hardware.registers().read64(QueueRegisters.CMDQ_BASE.offset()))
                .isEqualTo(0x4000000080200008L);

        smmu.cr0(ALL_ON & ~CMDQEN);
        smmu.write32(QueueRegisters.CMDQ_CONS.offset(), 7);
        smmu.write64(QueueRegisters.CMDQ_BASE.offset(), 0x90000004L);
        assertThat(smmu.cmdqCons()).isEqualTo(7);
        assertThat(smmu.hardware.registers().read64(QueueRegisters.CMDQ_BASE.offset()))
                .isEqualTo(0x90000004L);
    }

    @Test
    void aQueueLargerThanTheImplementationHasIsCapped() {
        smmu.cr0(ALL_ON & ~CMDQEN);
        smmu.write64(QueueRegisters.CMDQ_BASE.offset(), 0x80200013L);
        smmu.cr0(ALL_ON);
        smmu.ring(0x100);
        assertThat(smmu.cmdqCons())
                .as("256 entries of opcode 0: the first one is illegal")
                .isEqualTo(1L << 24);
    }

    @Test
    void anIllegalCommandStopsTheQueueAndFixingItGoesOn() {
        long prod = smmu.enqueue(0, PREFETCH, 0);
        prod = smmu.enqueue(prod, UNKNOWN, 0);
        prod = smmu.enqueue(prod, PREFETCH, 0);
        smmu.ring(prod);
        assertThat(smmu.commandError()).isEqualTo(CommandError.CERROR_ILL.code());
        assertThat(QueueRegisters.CMDQ_CONS_RD.get(smmu.cmdqCons())).isEqualTo(1);
        assertThat(smmu.host.takeInterrupts()).containsExactly("line 3");

        smmu.ring(smmu.enqueue(prod, PREFETCH, 0));
        assertThat(QueueRegisters.CMDQ_CONS_RD.get(smmu.cmdqCons()))
                .as("while the error is active nothing moves")
                .isEqualTo(1);

        smmu.enqueue(1, SyncCommand.noneWord0(), 0);
        smmu.acknowledgeErrors();
        assertThat(smmu.cmdqCons()).isEqualTo(4);
        assertThat(smmu.commandError()).isZero();
    }

    @Test
    void acknowledgingWithoutFixingFailsAgain() {
        smmu.command(UNKNOWN, 0);
        assertThat(smmu.gerror()).isEqualTo(1);
        smmu.acknowledgeErrors();
        assertThat(smmu.gerror()).as("toggled a second time").isEqualTo(0);
        assertThat(smmu.commandError()).isEqualTo(CommandError.CERROR_ILL.code());
    }

    @Test
    void aCommandThatCannotBeReadIsCerrorAbtAndIsRetried() {
        smmu.cr0(ALL_ON & ~CMDQEN);
        smmu.write64(QueueRegisters.CMDQ_BASE.offset(), 0x1000_0008L);
        smmu.cr0(ALL_ON);
        smmu.ring(1);
        assertThat(smmu.commandError()).isEqualTo(CommandError.CERROR_ABT.code());

        smmu.cr0(ALL_ON & ~CMDQEN);
        smmu.write64(QueueRegisters.CMDQ_BASE.offset(), TestSmmu.CMDQ | 8);
        smmu.enqueue(0, PREFETCH, 0);
        smmu.acknowledgeErrors();
        smmu.cr0(ALL_ON);
        assertThat(smmu.cmdqCons()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "opcode 0,                      0x00, 0",
        "an unknown opcode,             0x99, 0",
        "a Secure opcode,               0x50, 0",
        "SSec = 1,                      0x403, 1",
        "CFGI_VMS_PIDM,                 0x07, 0",
        "TLBI_EL2_ALL without EL2,      0x20, 0",
        "TLBI_EL2_ASID without EL2,     0x21, 0",
        "TLBI_EL2_VA without EL2,       0x22, 0",
        "TLBI_EL2_VAA without EL2,      0x23, 0",
        "TLBI_S12_VMALL without stage 2, 0x28, 0",
        "TLBI_S2_IPA without stage 2,   0x2A, 0",
        "SYNC with CS = 3,              0x3046, 0",
        "PRI_RESP with Resp = 3,        0x0000123400c05841, 0x301a",
        "ATC_INV with Size = 53,        0x0000123400c05840, 0x35",
        "range of one granule without TTL, 0x002a000000000012, 0x00007f1234567400",
        "16 KiB range of one granule with TTL 1, 0x002a000000000012, 0x00007f1234567900",
    })
    void illegalCommandsAreCerrorIll(String what, String word0, String word1) {
        smmu.command(Long.decode(word0), Long.decode(word1));
        assertThat(smmu.commandError()).isEqualTo(CommandError.CERROR_ILL.code());
        assertThat(QueueRegisters.CMDQ_CONS_RD.get(smmu.cmdqCons())).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "PREFETCH_CONFIG,   0x0000123400c05801, 0",
        "PREFETCH_ADDR,     0x0000123400c05802, 0x00007f1234567000",
        "CFGI_STE leaf,     0x0000123400000003, 1",
        "CFGI_STE,          0x0000123400000003, 0",
        "CFGI_STE_RANGE,    0x0000120000000004, 7",
        "CFGI_ALL,          0x0000000000000004, 0x1f",
        "CFGI_CD leaf,      0x0000123400c05005, 1",
        "CFGI_CD,           0x0000123400c05005, 0",
        "CFGI_CD_ALL,       0x0000123400000006, 0",
        "TLBI_NH_ALL,       0x0000000000000010, 0",
        "TLBI_NH_ASID,      0x002a000000000011, 0",
        "TLBI_NSNH_ALL,     0x0000000000000030, 0",
        "TLBI_NH_VA leaf,   0x002a000000000012, 0x00007f1234567001",
        "TLBI_NH_VAA,       0x0000000000000013, 0x00007f1234567000",
        "range 1 page leaf, 0x002a000000000012, 0x00007f1234567701",
        "range 34 pages,    0x002a000000110012, 0x00007f1234400400",
        "ATC_INV 4K,        0x0000123400c05840, 0x00007f1234567000",
        "PRI_RESP,          0x0000123400c05841, 0x201a",
        "RESUME of nobody,  0x0000123400001044, 0x55",
        "STALL_TERM,        0x0000123400000045, 0",
        "SYNC,              0x0000000000000046, 0",
    })
    void theVectorsOfTheReferenceAreAccepted(String what, String word0, String word1) {
        smmu.command(Long.decode(word0), Long.decode(word1));
        assertThat(smmu.commandError()).isZero();
        assertThat(smmu.cmdqCons()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0} on the model of QEMU")
    @CsvSource({"ATC_INV, 0x40", "PRI_RESP, 0x41", "RESUME, 0x44", "STALL_TERM, 0x45"})
    void commandsOfMissingFeaturesAreIllegal(String what, String word0) {
        TestSmmu other = TestSmmu.running(Behaviour.TYPICAL, Ids.QEMU);
        other.command(Long.decode(word0), 0);
        assertThat(other.commandError()).isEqualTo(CommandError.CERROR_ILL.code());
    }

    @Test
    void deferredCommandsWaitForTheirTaskOrForALookAtCons() {
        TestSmmu deferred = TestSmmu.running(new Behaviour(1, 64, 64, false, false, false, true));
        deferred.ring(deferred.enqueue(0, UNKNOWN, 0));
        deferred.ring(deferred.enqueue(1, PREFETCH, 0));
        assertThat(deferred.gerror()).isZero();
        assertThat(deferred.host.tasks).as("one task serves both doorbells").hasSize(1);
        deferred.host.runTasks();
        assertThat(deferred.gerror()).isEqualTo(1);

        deferred.enqueue(0, PREFETCH, 0);
        deferred.acknowledgeErrors();
        deferred.ring(deferred.enqueue(2, PREFETCH, 0));
        assertThat(deferred.cmdqCons()).isEqualTo(3);
    }

    @Test
    void anErrorInterruptsOnceAndOnlyIfEnabled() {
        smmu.write32(InterruptRegisters.IRQ_CTRL.offset(), 0);
        smmu.command(UNKNOWN, 0);
        assertThat(smmu.host.takeInterrupts()).isEmpty();
    }

    @Test
    void aCommandNamesItsStreamWithAll32Bits() {
        smmu.command(ConfigurationCommands.cfgiSteWord0(0xffff_ffffL), Command.LEAF.encode(true));
        smmu.command(ConfigurationCommands.cfgiCdAllWord0(SID), 0);
        assertThat(smmu.commandError()).isZero();
    }

    @Test
    @Timeout(30)
    void disablingIsAcknowledgedWhenNobodyConsumesAnyMore() throws InterruptedException {
        CountDownLatch atCommand = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        smmu.memory.onLoad = pa -> {
            if (pa == TestSmmu.CMDQ) {
                atCommand.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        long prod = smmu.enqueue(smmu.enqueue(0, PREFETCH, 0), PREFETCH, 0);
        Thread consumer = new Thread(() -> smmu.ring(prod));
        consumer.start();
        atCommand.await();
        smmu.cr0(ALL_ON & ~CMDQEN);
        assertThat(smmu.read32(ControlRegisters.CR0ACK.offset())).isEqualTo(ALL_ON);
        goOn.countDown();
        consumer.join();
        assertThat(smmu.read32(ControlRegisters.CR0ACK.offset())).isEqualTo(ALL_ON & ~CMDQEN);
        assertThat(smmu.cmdqCons())
                .as("the command that was read is done, the next one is not")
                .isEqualTo(1);
    }
}
