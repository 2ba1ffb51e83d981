package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.NEXT_PAGE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.NEXT_PTE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PAGE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PTE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.SID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.USER_RW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import org.junit.jupiter.api.Test;

/** Transactions on their way to memory, and the race of walks with software. */
class DmaTest {
    private static final long FRAME = 0x2abcde000L;

    private final TestVtd vtd = TestVtd.running();

    @Test
    void dataIsWrittenAndReadBack() {
        assertThat(vtd.write(PAGE + 2).outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(vtd.memory.bytes(FRAME + 2, 4)).containsExactly(1, 2, 3, 4);
        assertThat(vtd.read(PAGE + 2).bytes).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aTransactionThatCrossesAPageIsCut() {
        vtd.memory.put(NEXT_PTE, 0x0000000200000007L);
        Dma dma = vtd.submit(Dma.write(SID, PASID, NEXT_PAGE - 2, (byte) 1, (byte) 2, (byte) 3, (byte) 4));
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(vtd.memory.bytes(FRAME + 0xffe, 2)).containsExactly(1, 2);
        assertThat(vtd.memory.bytes(0x200000000L, 2)).containsExactly(3, 4);
    }

    @Test
    void atomicsReturnTheOldValue() {
        vtd.memory.put(FRAME, 41);
        Dma add = vtd.access(PASID, Operation.FETCH_ADD, PAGE, 0);
        assertThat(add.result()).isEqualTo(41);
        assertThat(vtd.memory.load(FRAME)).isEqualTo(42);
        Dma swap = new Dma(8);
        swap.atomic(SID, PASID, AddressType.UNTRANSLATED, Operation.COMPARE_AND_SWAP, PAGE, 7, 42, 0);
        assertThat(vtd.submit(swap).result()).isEqualTo(42);
        assertThat(vtd.memory.load(FRAME)).isEqualTo(7);
    }

    @Test
    void aMisalignedAtomicIsRefusedWithoutARecord() {
        assertThat(vtd.access(PASID, Operation.FETCH_ADD, PAGE + 4, 0).outcome())
                .isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.fsts()).isZero();
    }

    @Test
    void noMemoryBehindTheTranslationIsNoFaultOfTheUnit() {
        vtd.memory.put(PTE, 0x0000000008000007L);
        assertThat(vtd.read(PAGE).outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(vtd.fsts()).isZero();
    }

    @Test
    void whileTranslationIsOffAddressesArePhysicalAndPasidsMeanNothing() {
        vtd.command(TestVtd.QIE);
        assertThat(vtd.readUntagged(FRAME).outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(vtd.read(FRAME).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.fsts()).isZero();
    }

    @Test
    void aDoubleWordWrittenToTheInterruptRangeIsAMessage() {
        vtd.submit(Dma.write(SID, Pasid.NONE, 0xfee01234L, (byte) 0x78, (byte) 0x56, (byte) 0x34, (byte) 0x12));
        assertThat(vtd.host.takeInterrupts()).containsExactly("message 0xfee01234 0x12345678");
    }

    @Test
    void anythingElseToTheInterruptRangeIsBlocked() {
        assertThat(vtd.readUntagged(0xfee00000L).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.fault()).containsExactly(0xfee00000L, 0xc000008700003a00L);
    }

    @Test
    void withAPasidTheInterruptRangeIsTranslated() {
        vtd.read(0xfee00000L);
        assertThat(vtd.reason()).isEqualTo(0x71);
    }

    @Test
    void aWalkThatLosesARaceForAnEntryLooksAgain() {
        vtd.memory.onUpdate = at -> {
            if (at == PTE) {
                vtd.memory.onUpdate = other -> {};
                vtd.memory.put(PTE, 0x00000002abcde005L);
            }
        };
        assertThat(vtd.write(PAGE).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(vtd.reason()).isEqualTo(0x85);
        assertThat(vtd.memory.load(PTE)).isEqualTo(0x00000002abcde005L);
    }

    @Test
    void flagsThatTheCpuSetsAtTheSameTimeAreKept() {
        vtd.memory.onUpdate = at -> {
            if (at == PTE) {
                vtd.memory.onUpdate = other -> {};
                vtd.memory.put(PTE, USER_RW + 0x60);
            }
        };
        assertThat(vtd.read(PAGE).outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(vtd.memory.load(PTE)).isEqualTo(USER_RW + 0x60);
    }

    @Test
    void aClosedUnitAborts() {
        vtd.hardware.close();
        assertThat(vtd.read(PAGE).outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
    }

    @Test
    void aUnitWithoutPasidsTakesNone() {
        TestVtd without = TestVtd.running(TestVtd.with(ExtendedCapabilityRegister.PASID, 0));
        assertThatThrownBy(() -> without.read(PAGE)).isInstanceOf(IllegalArgumentException.class);
    }
}
