package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.BLOCK_2M_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.MISSING_PTE;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_PA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_PTE;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.DirectTranslation;
import dev.sva4j.spi.Operation;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.EventId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Data on its way: pages, aborts, atomics; and the fast path without data. */
class DmaTest {
    private final TestSmmu smmu = TestSmmu.running();

    private Dma atomic(Operation operation, long address, long operand, long comparand) {
        Dma dma = new Dma(0);
        dma.atomic(SID, SSID, AddressType.UNTRANSLATED, operation, address, operand, comparand, 0);
        return smmu.submit(dma);
    }

    @Test
    void dataGoesWhereTheTranslationLeads() {
        smmu.submit(Dma.write(SID, SSID, PAGE_VA + 0x123, new byte[] {1, 2, 3}));
        assertThat(smmu.memory.bytes(PAGE_PA + 0x123, 3)).containsExactly(1, 2, 3);
        assertThat(smmu.submit(Dma.read(SID, SSID, PAGE_VA + 0x122, 5)).bytes).containsExactly(0, 1, 2, 3, 0);
    }

    @Test
    void eachPageOfATransactionIsTranslatedByItself() {
        smmu.memory.put(MISSING_PTE, 0x0060000090000f43L);
        byte[] data = new byte[300];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) i;
        }
        assertThat(smmu.submit(Dma.write(SID, SSID, PAGE_VA + 0xff0, data)).outcome())
                .isEqualTo(CompletionStatus.SUCCESS);
        assertThat(smmu.memory.bytes(PAGE_PA + 0xff0, 16)).startsWith(0, 1, 2);
        assertThat(smmu.memory.bytes(0x9000_0000L, 3)).containsExactly(16, 17, 18);
        assertThat(smmu.submit(Dma.read(SID, SSID, PAGE_VA + 0xff0, 300)).bytes).isEqualTo(data);
    }

    @Test
    void offsetsIntoTheBufferCount() {
        smmu.memory.put(PAGE_PA, 0x0807060504030201L);
        Dma dma = new Dma(8);
        dma.memory(SID, SSID, AddressType.UNTRANSLATED, Operation.READ, PAGE_VA + 1, dma.bytes, 3, 2, 0);
        smmu.submit(dma);
        assertThat(dma.bytes).containsExactly(0, 0, 0, 2, 3, 0, 0, 0);
    }

    @Test
    void pagesBeforeAFaultAreTransferredAndNoneAfterIt() {
        byte[] data = {1, 1, 1, 1, 1, 1, 1, 1};
        assertThat(smmu.submit(Dma.write(SID, SSID, PAGE_VA + 0xffc, data)).outcome())
                .isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(smmu.memory.bytes(PAGE_PA + 0xffc, 4)).containsOnly(1);
        assertThat(smmu.takeEvents()).hasSize(1);
    }

    @Test
    void memoryThatIsNotThereAbortsWithoutAnEvent() {
        smmu.memory.put(PAGE_PTE, 0x0060000001000f43L);
        for (Operation operation : Operation.values()) {
            if (operation != Operation.EXECUTE) {
                assertThat(smmu.access(SSID, operation, PAGE_VA, 0).outcome())
                        .isEqualTo(CompletionStatus.COMPLETER_ABORT);
            }
        }
        assertThat(smmu.takeEvents()).isEmpty();
    }

    @Test
    void fetchAddReturnsTheOldValue() {
        smmu.memory.put(PAGE_PA + 8, 40);
        assertThat(atomic(Operation.FETCH_ADD, PAGE_VA + 8, 2, 0).result()).isEqualTo(40);
        assertThat(smmu.memory.load(PAGE_PA + 8)).isEqualTo(42);
    }

    @Test
    void compareAndSwapStoresOnlyOnAMatch() {
        smmu.memory.put(PAGE_PA, 40);
        assertThat(atomic(Operation.COMPARE_AND_SWAP, PAGE_VA, 7, 41).result()).isEqualTo(40);
        assertThat(smmu.memory.load(PAGE_PA)).isEqualTo(40);
        assertThat(atomic(Operation.COMPARE_AND_SWAP, PAGE_VA, 7, 40).result()).isEqualTo(40);
        assertThat(smmu.memory.load(PAGE_PA)).isEqualTo(7);
    }

    @Test
    void atomicsOfManyThreadsAddUp() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int n = 0; n < 1000; n++) {
                    atomic(Operation.FETCH_ADD, PAGE_VA, 1, 0);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(smmu.memory.load(PAGE_PA)).isEqualTo(4000);
    }

    @Test
    void readAsZeroAndWriteIgnoredCoverThePageThatFaultsOnly() {
        smmu.cd0(ContextDescriptor.A.put(CD0, false));
        smmu.memory.put(PAGE_PA + 0xff8, -1);
        Dma dma = Dma.read(SID, SSID, PAGE_VA + 0xffc, 8);
        java.util.Arrays.fill(dma.bytes, (byte) 5);
        assertThat(smmu.submit(dma).outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(dma.bytes).containsExactly(-1, -1, -1, -1, 0, 0, 0, 0);
        Dma atomic = atomic(Operation.FETCH_ADD, PAGE_VA + 0x1000, 1, 0);
        assertThat(atomic.outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(atomic.result()).isZero();
    }

    @Test
    void theFastPathAnswersAsTheDevicePortWould() {
        DirectTranslation direct = smmu.hardware.directTranslation().orElseThrow();
        assertThat(direct.translate(SID, SSID, BLOCK_2M_VA + 5, Access.WRITE)).isEqualTo(0xC0200005L);
        assertThat(direct.translate(SID, SSID, PAGE_VA, Access.EXECUTE)).isEqualTo(-EventId.F_PERMISSION.number());
        assertThat(smmu.event()).containsExactly(0x0000123400c05813L, 0x0000020c00000000L, PAGE_VA, 0);
        smmu.ste(1, 0);
        smmu.done(0x0000123400000003L, 1);
        assertThat(direct.translate(SID, SSID, PAGE_VA, Access.READ)).isEqualTo(-SmmuHardware.NO_EVENT);
        assertThat(smmu.takeEvents()).isEmpty();
    }

    @Test
    void theFastPathStallsNothing() {
        smmu.cd0(TestSmmu.CD0_STALL);
        DirectTranslation direct = smmu.hardware.directTranslation().orElseThrow();
        assertThat(direct.translate(SID, SSID, TestSmmu.MISSING_VA, Access.READ))
                .isEqualTo(-EventId.F_TRANSLATION.number());
        assertThat(smmu.takeEvents()).isEmpty();
    }
}
