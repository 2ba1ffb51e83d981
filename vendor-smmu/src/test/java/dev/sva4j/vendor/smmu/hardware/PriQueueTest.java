package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.ALL_ON;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PRIQEN;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SMMUEN;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.STE1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.vendor.smmu.layout.AtsCommands;
import dev.sva4j.vendor.smmu.layout.InterruptRegisters;
import dev.sva4j.vendor.smmu.layout.PriResponse;
import dev.sva4j.vendor.smmu.layout.QueueRegisters;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import org.junit.jupiter.api.Test;

/** Page requests, their queue and the answers that hardware gives by itself (§8). */
class PriQueueTest {
    private static final int SIZE = 128;

    private final TestSmmu smmu = TestSmmu.running();

    private static PageRequest request(int pasid, boolean last) {
        return new PageRequest(
                SID, pasid, 0x7F12_3456_7000L, true, true, false, false, 0x1A, last, PageRequest.Kind.PRI);
    }

    private static PageRequest stopMarker() {
        return new PageRequest(SID, SSID, 0, false, false, false, false, 0, true, PageRequest.Kind.PRI);
    }

    private void send(PageRequest request) {
        smmu.hardware.pageRequest(request);
    }

    private void fill() {
        for (int i = 0; i < SIZE; i++) {
            send(request(SSID, false));
        }
        assertThat(prod()).isEqualTo(SIZE);
    }

    private long prod() {
        return smmu.read32(QueueRegisters.PRIQ_PROD.offset());
    }

    private void consume(int cons) {
        smmu.write32(QueueRegisters.PRIQ_CONS.offset(), cons);
    }

    private void assertEntry(int index, long... words) {
        assertThat(new long[] {
                    smmu.memory.load(TestSmmu.PRIQ + 16L * index), smmu.memory.load(TestSmmu.PRIQ + 16L * index + 8)
                })
                .containsExactly(words);
    }

    @Test
    void entriesAreThoseOfTheReference() {
        send(request(SSID, true));
        send(stopMarker());
        assertThat(prod()).isEqualTo(2);
        assertEntry(0, 0xf0000c0500001234L, 0x00007f123456701aL);
        assertEntry(1, 0xc0000c0500001234L, 0);
        assertThat(smmu.host.responses).isEmpty();
    }

    @Test
    void executeAndPrivilegeCountOnlyWithAPasid() {
        send(new PageRequest(SID, SSID, 0x1000, true, false, true, true, 1, false, PageRequest.Kind.PRI));
        assertEntry(0, 0x9c000c0500001234L, 0x1001);
        send(new PageRequest(SID, Pasid.NONE, 0x1000, true, false, true, true, 1, false, PageRequest.Kind.PRI));
        assertEntry(1, 0x1000000000001234L, 0x1001);
    }

    @Test
    void softwareAnswersWithTheGroupsIndex() {
        smmu.command(AtsCommands.priRespWord0(true, SSID, SID), AtsCommands.priRespWord1(0x1A, PriResponse.SUCCESS));
        smmu.command(
                AtsCommands.priRespWord0(true, SSID, SID), AtsCommands.priRespWord1(0x1A, PriResponse.INVALID_REQUEST));
        smmu.command(
                AtsCommands.priRespWord0(false, 0, SID), AtsCommands.priRespWord1(0x1A, PriResponse.RESPONSE_FAILURE));
        assertThat(smmu.host.responses)
                .containsExactly(
                        "0x1234 pasid 3077 group 26 SUCCESS",
                        "0x1234 pasid 3077 group 26 INVALID",
                        "0x1234 pasid -1 group 26 FAILURE");
    }

    @Test
    void anAnswerWhileTheSmmuIsDisabledIsIgnored() {
        smmu.cr0(ALL_ON & ~SMMUEN);
        smmu.command(AtsCommands.priRespWord0(true, SSID, SID), AtsCommands.priRespWord1(0x1A, PriResponse.SUCCESS));
        assertThat(smmu.host.responses).isEmpty();
        assertThat(smmu.isIdle()).isTrue();
    }

    @Test
    void aGroupWhoseLastRequestOverflowsIsAnsweredSuccessWithoutItsPasid() {
        fill();
        send(request(SSID, false));
        send(stopMarker());
        assertThat(smmu.host.responses).isEmpty();
        assertThat(prod()).isEqualTo(0x8000_0000L + SIZE);
        send(request(SSID, true));
        assertThat(smmu.host.responses).containsExactly("0x1234 pasid -1 group 26 SUCCESS");
    }

    @Test
    void withPparTheAutomaticAnswerCarriesThePasid() {
        smmu.ste(STE0, StreamTableEntry.PPAR.put(STE1, true));
        fill();
        send(request(SSID, true));
        assertThat(smmu.host.responses).containsExactly("0x1234 pasid 3077 group 26 SUCCESS");
    }

    @Test
    void withAnUnusableSteTheAutomaticAnswerIsFailure() {
        smmu.ste(0);
        fill();
        send(request(SSID, true));
        assertThat(smmu.host.responses).containsExactly("0x1234 pasid -1 group 26 FAILURE");
    }

    @Test
    void anActiveOverflowKeepsEverythingOutUntilItIsAcknowledged() {
        fill();
        send(request(SSID, false));
        consume(SIZE);
        send(request(SSID, false));
        assertThat(prod()).isEqualTo(0x8000_0000L + SIZE);
        consume(0x8000_0000 + SIZE);
        send(request(SSID, false));
        assertThat(prod()).isEqualTo(0x8000_0000L + SIZE + 1);
    }

    @Test
    void whileTheQueueOrTheSmmuIsDisabledTheAnswerIsFailure() {
        smmu.cr0(ALL_ON & ~PRIQEN);
        send(request(SSID, true));
        smmu.cr0(ALL_ON & ~SMMUEN);
        send(request(SSID, true));
        send(request(SSID, false));
        send(stopMarker());
        assertThat(smmu.host.responses)
                .containsExactly("0x1234 pasid -1 group 26 FAILURE", "0x1234 pasid -1 group 26 FAILURE");
        assertThat(prod()).isZero();
    }

    @Test
    void aWriteThatAbortsIsAGlobalErrorAndTheAnswerIsFailure() {
        smmu.cr0(ALL_ON & ~PRIQEN);
        smmu.write64(QueueRegisters.PRIQ_BASE.offset(), 0x1000_0007L);
        smmu.cr0(ALL_ON);
        send(request(SSID, true));
        assertThat(smmu.gerror()).isEqualTo(InterruptRegisters.GERROR_PRIQ_ABT_ERR.mask());
        send(request(SSID, true));
        assertThat(smmu.host.responses).hasSize(2).allMatch(response -> response.endsWith("FAILURE"));
        assertThat(prod()).isZero();
    }

    @Test
    void theInterruptIsTheEdgeFromEmptyToNotEmpty() {
        send(request(SSID, false));
        assertThat(smmu.host.takeInterrupts()).containsExactly("line 1");
        send(request(SSID, true));
        assertThat(smmu.host.takeInterrupts()).isEmpty();
        consume(2);
        send(request(SSID, false));
        assertThat(smmu.host.takeInterrupts()).containsExactly("line 1");
    }

    @Test
    void withLoTheInterruptIsTheLastRequestOfAGroup() {
        smmu.write32(InterruptRegisters.IRQ_CTRL.offset(), 0);
        smmu.write32(InterruptRegisters.PRIQ_IRQ_CFG2.offset(), 0x8000_0000);
        smmu.write32(InterruptRegisters.IRQ_CTRL.offset(), 7);
        send(request(SSID, false));
        assertThat(smmu.host.takeInterrupts()).isEmpty();
        send(request(SSID, true));
        assertThat(smmu.host.takeInterrupts()).containsExactly("line 1");
    }

    @Test
    void requestsAreTakenWhateverTheSteSays() {
        smmu.ste(0);
        send(request(SSID, true));
        assertThat(prod()).isEqualTo(1);
    }

    @Test
    void withoutPriThereIsNoQueueAndNobodyToAsk() {
        TestSmmu qemu = TestSmmu.running(Behaviour.TYPICAL, Ids.QEMU);
        assertThat(qemu.hardware.registers().read64(QueueRegisters.PRIQ_BASE.offset()))
                .isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> qemu.hardware.pageRequest(request(SSID, true)));
    }
}
