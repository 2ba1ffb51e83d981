package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.ALL_ON;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SMMUEN;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.smmu.layout.ControlRegisters;
import dev.sva4j.vendor.smmu.layout.InterruptRegisters;
import dev.sva4j.vendor.smmu.layout.QueueRegisters;
import dev.sva4j.vendor.smmu.layout.Registers;
import dev.sva4j.vendor.smmu.layout.StreamTableRegisters;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What registers hold at reset, what may be written when, and what a switch does (§6). */
class RegisterTest {
    private final TestSmmu reset = new TestSmmu(Behaviour.TYPICAL, IdRegisters.PRODUCT);
    private final TestSmmu smmu = TestSmmu.running();

    private static long read(TestSmmu smmu, RegisterLayout register) {
        return register.width() == 64
                ? smmu.hardware.registers().read64(register.offset())
                : smmu.read32(register.offset());
    }

    private static void write(TestSmmu smmu, RegisterLayout register, long value) {
        if (register.width() == 64) {
            smmu.write64(register.offset(), value);
        } else {
            smmu.write32(register.offset(), (int) value);
        }
    }

    @Test
    void theProductAnnouncesWhatIsImplemented() {
        assertThat(smmu.read32(0x00)).isEqualTo(0x08493C1AL);
        assertThat(smmu.read32(0x04)).isEqualTo(0x09073D10L);
        assertThat(smmu.read32(0x08)).isZero();
        assertThat(smmu.read32(0x0C)).isEqualTo(0x1404L);
        assertThat(smmu.read32(0x14)).isEqualTo(0x00400074L);
        assertThat(smmu.read32(0x1C)).isEqualTo(2L);
        assertThat(IdRegisters.PRODUCT.implemented()).isEqualTo(IdRegisters.PRODUCT);
    }

    @Test
    void registersOfADumpLoseWhatIsNotImplemented() {
        TestSmmu qemu = new TestSmmu(Behaviour.TYPICAL, Ids.QEMU);
        assertThat(qemu.read32(0x00)).as("no S2P, no VMID16").isEqualTo(0xd40101aL);
        assertThat(qemu.read32(0x04)).isEqualTo(0x2730010L);
        assertThat(qemu.read32(0x0C)).as("no XNX").isEqualTo(0x1404L);
        assertThat(qemu.read32(0x14)).isEqualTo(0x74L);
    }

    @Test
    void theReferenceModelLosesStage2AndEl2AndHardwareUpdate() {
        IdRegisters reference = new IdRegisters(0x084D369BL, 0x09073D10, 0x1514, 0x00400074, 2);
        assertThat(reference.implemented()).isEqualTo(IdRegisters.PRODUCT);
    }

    @Test
    void atResetEverythingIsOffAndPassesThrough() {
        for (RegisterLayout register : Registers.ALL) {
            if (register.offset() >= 0x20 && register != ControlRegisters.GBPA) {
                assertThat(read(reset, register)).as(register.name()).isZero();
            }
        }
        assertThat(read(reset, ControlRegisters.GBPA)).isEqualTo(0x1000);
        reset.memory.put(0x9000_0000L, 0x42);
        Dma dma = reset.submit(Dma.read(SID, SSID, 0x9000_0000L, 1));
        assertThat(dma.outcome()).as("also with a SubstreamID").isEqualTo(CompletionStatus.SUCCESS);
        assertThat(dma.bytes).containsExactly(0x42);
        assertThat(reset.submit(Dma.read(SID, Pasid.NONE, 1L << 44, 1)).outcome())
                .isEqualTo(CompletionStatus.COMPLETER_ABORT);
    }

    @Test
    void gbpaAbortsIfToldTo() {
        write(reset, ControlRegisters.GBPA, 0x0010_0000);
        assertThat(read(reset, ControlRegisters.GBPA))
                .as("without Update it is ignored")
                .isEqualTo(0x1000);
        write(reset, ControlRegisters.GBPA, 0x8010_0000L);
        assertThat(read(reset, ControlRegisters.GBPA)).isEqualTo(0x0010_0000);
        assertThat(reset.submit(Dma.read(SID, SSID, 0x9000_0000L, 1)).outcome())
                .isEqualTo(CompletionStatus.COMPLETER_ABORT);
    }

    @Test
    void acknowledgementsFollow() {
        write(reset, ControlRegisters.CR0, 0x1f);
        assertThat(read(reset, ControlRegisters.CR0)).isEqualTo(0x1f);
        assertThat(read(reset, ControlRegisters.CR0ACK)).isEqualTo(0x1f);
        write(reset, InterruptRegisters.IRQ_CTRL, 5);
        assertThat(read(reset, InterruptRegisters.IRQ_CTRLACK)).isEqualTo(5);
    }

    @Test
    void fieldsOfMissingFeaturesAreRes0() {
        write(reset, ControlRegisters.CR0, -1);
        assertThat(read(reset, ControlRegisters.CR0)).isEqualTo(0x1f);
        write(smmu, ControlRegisters.CR0, 0);
        write(smmu, ControlRegisters.CR2, -1);
        assertThat(read(smmu, ControlRegisters.CR2)).isEqualTo(6);
        TestSmmu qemu = new TestSmmu(Behaviour.TYPICAL, Ids.QEMU);
        write(qemu, ControlRegisters.CR0, -1);
        assertThat(read(qemu, ControlRegisters.CR0)).as("no PRI, no ATS").isEqualTo(0xd);
        write(qemu, InterruptRegisters.IRQ_CTRL, 7);
        assertThat(read(qemu, InterruptRegisters.IRQ_CTRL)).isEqualTo(5);
        write(qemu, InterruptRegisters.IRQ_CTRL, 0);
        write(qemu, InterruptRegisters.EVENTQ_IRQ_CFG0, 0x1000);
        assertThat(read(qemu, InterruptRegisters.EVENTQ_IRQ_CFG0)).as("no MSI").isZero();
    }

    @Test
    void whatTranslationsUseIsFixedWhileTheyAreOn() {
        long base = read(smmu, StreamTableRegisters.STRTAB_BASE);
        write(smmu, StreamTableRegisters.STRTAB_BASE, 0x9000_0000L);
        write(smmu, StreamTableRegisters.STRTAB_BASE_CFG, 4);
        write(smmu, ControlRegisters.CR2, 0);
        write(smmu, ControlRegisters.CR1, 0);
        assertThat(read(smmu, StreamTableRegisters.STRTAB_BASE)).isEqualTo(base);
        assertThat(read(smmu, StreamTableRegisters.STRTAB_BASE_CFG)).isEqualTo(0x10210);
        assertThat(read(smmu, ControlRegisters.CR2)).isEqualTo(6);
        assertThat(read(smmu, ControlRegisters.CR1)).isEqualTo(0xD75);
        write(smmu, ControlRegisters.CR0, ALL_ON & ~SMMUEN);
        write(smmu, ControlRegisters.CR1, 0);
        assertThat(read(smmu, ControlRegisters.CR1)).as("queues are on").isEqualTo(0x35);
        write(smmu, ControlRegisters.CR0, 0);
        write(smmu, ControlRegisters.CR1, 0);
        assertThat(read(smmu, ControlRegisters.CR1)).isZero();
    }

    @ParameterizedTest(name = "{0} while its interrupt is enabled")
    @CsvSource({
        "GERROR_IRQ_CFG0",
        "GERROR_IRQ_CFG1",
        "GERROR_IRQ_CFG2",
        "EVENTQ_IRQ_CFG0",
        "EVENTQ_IRQ_CFG1",
        "EVENTQ_IRQ_CFG2",
        "PRIQ_IRQ_CFG0",
        "PRIQ_IRQ_CFG1",
        "PRIQ_IRQ_CFG2",
    })
    void messagesAreFixedWhileTheirInterruptIsEnabled(String name) {
        RegisterLayout register = Registers.named(name);
        write(smmu, register, 0x3c);
        assertThat(read(smmu, register)).isZero();
        write(smmu, InterruptRegisters.IRQ_CTRL, 0);
        write(smmu, register, 0x3c);
        assertThat(read(smmu, register)).isEqualTo(0x3c);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"EVENTQ_BASE", "EVENTQ_PROD", "PRIQ_BASE", "PRIQ_PROD", "CMDQ_BASE"})
    void queuesAreFixedWhileTheyAreEnabled(String name) {
        RegisterLayout register = Registers.named(name);
        long before = read(smmu, register);
        write(smmu, register, 0x20);
        assertThat(read(smmu, register)).isEqualTo(before);
        write(smmu, ControlRegisters.CR0, 0);
        write(smmu, register, 0x20);
        assertThat(read(smmu, register)).isEqualTo(0x20);
    }

    @Test
    void halvesOfWideRegistersMayBeAccessedAlone() {
        reset.write32(0x80, 0x1234_5640);
        reset.write32(0x84, 0x4000_00ab);
        assertThat(reset.hardware.registers().read64(0x80)).isEqualTo(0x4000_00ab_1234_5640L);
        assertThat(reset.read32(0x80)).isEqualTo(0x1234_5640L);
        assertThat(reset.read32(0x84)).isEqualTo(0x4000_00abL);
        reset.write32(0x80, 0x40);
        assertThat(reset.hardware.registers().read64(0x80)).isEqualTo(0x4000_00ab_0000_0040L);
    }

    @Test
    void aWideAccessToTwoNarrowRegistersIsTwoAccesses() {
        reset.write64(QueueRegisters.CMDQ_PROD.offset() - 0, 0x0000_0005_0000_0003L);
        assertThat(read(reset, QueueRegisters.CMDQ_PROD)).isEqualTo(3);
        assertThat(read(reset, QueueRegisters.CMDQ_CONS)).isEqualTo(5);
        assertThat(reset.hardware.registers().read64(QueueRegisters.CMDQ_PROD.offset()))
                .isEqualTo(0x0000_0005_0000_0003L);
    }

    @Test
    void unknownOffsetsReadZeroAndIgnoreWrites() {
        for (long offset : new long[] {0x30, 0x7f8, 0xfd0, 0x1000, 0x8000, 0x10000, 0x100a0, 0x11000, 0x1_0000_0000L}) {
            reset.write32(offset, -1);
            reset.write64(offset, -1);
            assertThat(reset.read32(offset)).isZero();
            assertThat(reset.hardware.registers().read64(offset)).isZero();
        }
    }

    @Test
    void misalignedAccessesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reset.hardware.registers().read32(2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reset.hardware.registers().read64(4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reset.hardware.registers().write64(4, 0));
    }

    @Test
    void identificationRegistersAreReadOnly() {
        smmu.write32(0x00, 0);
        assertThat(smmu.read32(0x00)).isEqualTo(0x08493C1AL);
    }

    @Test
    void disablingDoesNotInvalidateCaches() {
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
        smmu.memory.put(TestSmmu.PAGE_PTE, 0);
        smmu.cr0(ALL_ON & ~SMMUEN);
        smmu.cr0(ALL_ON);
        assertThat(smmu.reaches(PAGE_VA)).isTrue();
    }

    @Test
    @Timeout(30)
    void disablingIsAcknowledgedWhenAccessesInFlightHaveEnded() throws InterruptedException {
        CountDownLatch inMemory = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        smmu.memory.onBlock = pa -> {
            inMemory.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        Thread device = new Thread(() -> smmu.read(PAGE_VA));
        device.start();
        inMemory.await();
        smmu.cr0(ALL_ON & ~SMMUEN);
        assertThat(read(smmu, ControlRegisters.CR0ACK)).isEqualTo(ALL_ON);
        goOn.countDown();
        device.join();
        assertThat(read(smmu, ControlRegisters.CR0ACK)).isEqualTo(ALL_ON & ~SMMUEN);
    }
}
