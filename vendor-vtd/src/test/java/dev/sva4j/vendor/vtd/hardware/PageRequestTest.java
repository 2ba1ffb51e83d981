package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.CONTEXT;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.NEXT_PAGE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PAGE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PAGE_REQUESTS;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID_ENTRY;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PECTL;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PQA;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PQH;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PQT;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PRS;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PTE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.SID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.USER_RW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Page requests: the queue, overflow, and the answers of hardware (7.4 to 7.8). Vectors V10 and V11. */
class PageRequestTest {
    private static final String EVENT = "message 0xfee00000 0xe0";
    private static final int PPR = 1;
    private static final int PRO = 2;

    private final TestVtd vtd = TestVtd.running();

    private long[] queued(int index) {
        long at = PAGE_REQUESTS + 32L * index;
        return new long[] {
            vtd.memory.load(at), vtd.memory.load(at + 8), vtd.memory.load(at + 16), vtd.memory.load(at + 24)
        };
    }

    private void ask(int group, boolean last) {
        vtd.request(PASID, PAGE, true, false, group, last);
    }

    /** Makes the queue small: 128 entries, of which two are free. */
    private void almostFull() {
        vtd.write64(PQA, PAGE_REQUESTS);
        vtd.write64(PQH, 3 * 32);
    }

    @Test
    void requestsAreQueuedAsTheVectorsSay() {
        vtd.request(PASID, PAGE, true, true, 5, true);
        vtd.request(PASID, NEXT_PAGE, true, false, 5, false);
        vtd.request(PASID, PAGE, false, true, 5, true);
        vtd.request(PASID, 0, false, false, 0, true);
        assertThat(queued(0)).containsExactly(0x000123453a000101L, 0x00007f123456702fL, 0, 0);
        assertThat(queued(1)).containsExactly(0x000123453a000101L, 0x00007f1234568029L, 0, 0);
        assertThat(queued(2)).containsExactly(0x000123453a000101L, 0x00007f123456702eL, 0, 0);
        assertThat(queued(3)).as("stop marker").containsExactly(0x000123453a000101L, 4, 0, 0);
        assertThat(vtd.read64(PQT)).isEqualTo(4 * 32);
    }

    @Test
    void aRequestWithoutPasidIsQueuedSo() {
        vtd.memory.put(TestVtd.RID_ENTRY, 0x49, 0x800002, 0x10040000);
        vtd.request(Pasid.NONE, 0x1000, true, false, 0x1ff, true);
        assertThat(queued(0)).containsExactly(0x000000003a000001L, 0x1ffdL, 0, 0);
    }

    @Test
    void executeAndPrivilegeGoWithAPasid() {
        vtd.hardware.pageRequest(
                new PageRequest(SID, PASID, PAGE, true, false, true, true, 1, true, PageRequest.Kind.PRI));
        assertThat(queued(0)[0]).isEqualTo(0x003123453a000101L);
    }

    @Test
    void onlyTheFirstRequestInterrupts() {
        ask(1, true);
        ask(2, true);
        assertThat(vtd.read32(PRS)).isEqualTo(PPR);
        assertThat(vtd.host.takeInterrupts()).containsExactly(EVENT);
        vtd.write32(PRS, PPR);
        ask(3, true);
        assertThat(vtd.host.takeInterrupts()).containsExactly(EVENT);
    }

    @Test
    void aMaskedEventGoesWhenNothingIsPending() {
        vtd.write32(PECTL, 0x8000_0000);
        ask(1, true);
        assertThat(vtd.read32(PECTL)).isEqualTo(0xc000_0000L);
        vtd.write32(PRS, PPR);
        assertThat(vtd.read32(PECTL)).isEqualTo(0x8000_0000L);
    }

    @Test
    void aFullQueueAnswersSuccess() {
        almostFull();
        ask(1, true);
        ask(2, true);
        assertThat(vtd.host.responses).isEmpty();
        ask(3, true);
        assertThat(vtd.read32(PRS)).isEqualTo(PPR | PRO);
        assertThat(vtd.read64(PQT)).isEqualTo(2 * 32);
        assertThat(vtd.host.responses).containsExactly("0x3a00 pasid 74565 group 3 SUCCESS");
        assertThat(vtd.takeFaults()).isEmpty();
    }

    @Test
    void aLostRequestThatDoesNotCloseItsGroupIsNotAnswered() {
        almostFull();
        ask(1, true);
        ask(2, true);
        ask(3, false);
        vtd.request(PASID, 0, false, false, 0, true);
        assertThat(vtd.host.responses).isEmpty();
    }

    @Test
    void afterAnOverflowNothingIsQueuedUntilSoftwareClearsIt() {
        almostFull();
        ask(1, true);
        ask(2, true);
        ask(3, true);
        vtd.write64(PQH, 2 * 32);
        ask(4, true);
        assertThat(vtd.read64(PQT)).isEqualTo(2 * 32);
        assertThat(vtd.host.responses).hasSize(2);
        vtd.write32(PRS, PRO);
        ask(5, true);
        assertThat(vtd.read64(PQT)).isEqualTo(3 * 32);
    }

    @Test
    void anOverflowInterruptsIfNothingWasPending() {
        almostFull();
        ask(1, true);
        ask(2, true);
        vtd.write32(PRS, PPR);
        vtd.host.takeInterrupts();
        ask(3, true);
        assertThat(vtd.host.takeInterrupts()).containsExactly(EVENT);
    }

    @Test
    void theQueueGoesRound() {
        vtd.write64(PQA, PAGE_REQUESTS);
        for (int i = 0; i < 200; i++) {
            ask(i, true);
            vtd.write64(PQH, vtd.read64(PQT));
        }
        assertThat(vtd.read64(PQT)).isEqualTo(200 % 128 * 32);
        assertThat(vtd.read32(PRS)).isEqualTo(PPR);
    }

    @ParameterizedTest(name = "0x{0} = 0x{1}: {2}")
    @CsvSource({
        "100003a0, 0, 39",
        "10001000, 0, 41",
        "10001000, 10010e19, 43",
        "10001000, 10010e0d, 47",
        "10001000, 10010e15, 45",
        "10001000, 1001001d, 46",
        "10001008, 12345, 48",
        "10012468, 0, 51",
        "10030140, 48, 59",
        "10030140, 69, 5a",
        "10030140, 9, 5b"
    })
    void aRequestThatTheTablesDoNotAllowIsInvalid(String address, String word, String reason) {
        vtd.memory.put(Long.parseLong(address, 16), Long.parseLong(word, 16));
        ask(1, false);
        assertThat(vtd.host.responses).isEmpty();
        assertThat(vtd.reason()).isEqualTo(Integer.parseInt(reason, 16));
        ask(1, true);
        assertThat(vtd.host.responses).containsExactly("0x3a00 pasid 74565 group 1 INVALID");
        assertThat(vtd.read64(PQT)).isZero();
    }

    @Test
    void fpdHidesTheFaultButNotTheAnswer() {
        vtd.memory.put(PASID_ENTRY, 2);
        ask(1, true);
        assertThat(vtd.fsts()).isZero();
        assertThat(vtd.host.responses).hasSize(1);
    }

    @Test
    void inLegacyModeARequestIsInvalid() {
        vtd.write64(TestVtd.RTADDR, TestVtd.ROOT);
        vtd.command(TestVtd.TE | TestVtd.QIE | TestVtd.SRTP);
        ask(1, true);
        assertThat(vtd.reason()).isEqualTo(0x32);
        assertThat(vtd.host.responses).hasSize(1);
    }

    @Test
    void noPageTableIsWalked() {
        vtd.memory.put(PASID_ENTRY + 16, 0x0800_0000L);
        ask(1, true);
        assertThat(vtd.takeFaults()).isEmpty();
        assertThat(vtd.read64(PQT)).isEqualTo(32);
    }

    @Test
    void aRequestDropsWhatTheIotlbHoldsOfThePage() {
        TestVtd keeps =
                TestVtd.running(new Behaviour(0, Behaviour.UNBOUNDED, Behaviour.UNBOUNDED, false, false, false, false));
        keeps.memory.put(PTE, 0x00000002abcde005L);
        assertThat(keeps.reaches(PAGE)).isTrue();
        keeps.memory.put(PTE, USER_RW);
        assertThat(keeps.write(PAGE).outcome()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        keeps.request(PASID, PAGE, false, true, 1, true);
        assertThat(keeps.write(PAGE).outcome()).isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void softwareAnswersWithADescriptor() {
        vtd.done(0x000123453a000019L, 0x28);
        vtd.done(0x000123453a001019L, 0x28);
        vtd.done(0x000123453a00f019L, 0x2c);
        vtd.done(0x000000003a000009L, 0xff8);
        assertThat(vtd.host.responses)
                .containsExactly(
                        "0x3a00 pasid 74565 group 5 SUCCESS",
                        "0x3a00 pasid 74565 group 5 INVALID",
                        "0x3a00 pasid 74565 group 5 FAILURE",
                        "0x3a00 pasid -1 group 511 SUCCESS");
    }

    @Test
    void whileTranslationIsOffARequestIsInvalidWithoutARecord() {
        vtd.command(TestVtd.QIE);
        ask(1, true);
        assertThat(vtd.fsts()).isZero();
        assertThat(vtd.host.responses).containsExactly("0x3a00 pasid 74565 group 1 INVALID");
    }

    @Test
    void aQueueInNoMemoryTakesNothing() {
        vtd.write64(PQA, 0x0800_0000L);
        ask(1, true);
        assertThat(vtd.read64(PQT)).isZero();
        assertThat(vtd.host.responses).containsExactly("0x3a00 pasid 74565 group 1 INVALID");
    }

    @Test
    void withoutPrsThereAreNoPageRequests() {
        TestVtd without = TestVtd.running(TestVtd.with(ExtendedCapabilityRegister.PRS, 0));
        assertThat(without.read64(PQA)).isZero();
        assertThatThrownBy(() -> without.request(PASID, PAGE, true, false, 1, true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFunctionWithoutPreIsToldSoThoughItsPasidIsFine() {
        vtd.memory.put(CONTEXT, 0x10010e0d);
        ask(7, true);
        assertThat(vtd.host.responses).containsExactly("0x3a00 pasid 74565 group 7 INVALID");
    }
}
