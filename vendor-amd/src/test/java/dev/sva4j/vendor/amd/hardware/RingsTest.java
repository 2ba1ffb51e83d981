package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.hardware.TestAmd.COMMANDS;
import static dev.sva4j.vendor.amd.hardware.TestAmd.CONTROL;
import static dev.sva4j.vendor.amd.hardware.TestAmd.DEVICE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.DONE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.DTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.EVENT_LOG_EN;
import static dev.sva4j.vendor.amd.hardware.TestAmd.ON;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PA;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PAGE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PASID;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.STATUS;
import static dev.sva4j.vendor.amd.hardware.TestAmd.VA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.PageRequest;
import dev.sva4j.testing.FakeHardwareHost.Invalidation;
import org.junit.jupiter.api.Test;

/** Command buffer, event log and PPR log: what goes through them, what stops them, and how they start again. */
class RingsTest {
    private final TestAmd amd = TestAmd.running();

    private static PageRequest request(int index, boolean last) {
        return new PageRequest(DEVICE, PASID, PAGE, true, true, false, false, index, last, PageRequest.Kind.PRI);
    }

    private void write(long register, long value) {
        amd.hardware.registers().write64(register, value);
    }

    @Test
    void featuresAreThoseOfTheProduct() {
        assertThat(amd.hardware.registers().read64(0x30)).isEqualTo(0x000542330000885aL);
    }

    @Test
    void everythingRunsOnceEnabled() {
        assertThat(amd.status()).isEqualTo(0x98);
    }

    @Test
    void completionWaitStoresAndInterrupts() {
        amd.command(0x1000000000130003L, 0xcafebabe00000001L);
        assertThat(amd.memory.load(DONE)).isEqualTo(0xcafebabe00000001L);
        assertThat(amd.status() & 4).isEqualTo(4);
        assertThat(amd.host.takeInterrupts()).containsExactly("message 0xfee00000 0x31");
    }

    @Test
    void aFlagIsClearedByWritingOne() {
        amd.command(0x1000000000130003L, 1);
        write(STATUS, 4);
        assertThat(amd.status() & 4).isZero();
    }

    @Test
    void whatIsCachedStaysUntilItIsInvalidated() {
        amd.read(PASID, VA);
        amd.memory.put(PTE, 0);
        assertThat(amd.read(PASID, VA)).isEqualTo(PA);
        amd.command(0x3000000700012345L, 0x00007f1234567006L);
        assertThat(amd.read(PASID, VA)).isNegative();
    }

    @Test
    void otherPasidsKeepTheirs() {
        amd.read(PASID, VA);
        amd.memory.put(PTE, 0);
        amd.command(0x3000000700012346L, 0x7ffffffffffff007L);
        assertThat(amd.read(PASID, VA)).isEqualTo(PA);
    }

    @Test
    void theGcr3EntryIsCachedUntilThePasidIsInvalidated() {
        amd.read(PASID, VA);
        amd.memory.put(TestAmd.GCR3_ENTRY, 0);
        assertThat(amd.read(PASID, 0x7f12_3461_2345L)).isEqualTo(0xc001_2345L);
        amd.command(0x3000000700012345L, 0x7ffffffffffff007L);
        assertThat(amd.read(PASID, 0x7f12_3461_2345L)).isNegative();
    }

    @Test
    void theDeviceTableEntryIsCachedUntilItIsInvalidated() {
        amd.read(PASID, VA);
        amd.memory.put(DTE, 3);
        assertThat(amd.read(PASID, VA)).isEqualTo(PA);
        amd.command(0x2000000000000300L, 0);
        assertThat(amd.read(PASID, VA)).isNegative();
    }

    @Test
    void completionWaitWaitsForTheDeviceTlb() {
        amd.command(0x4145030020230300L, 0x00007f12344ff005L);
        amd.completionWait(7);
        Invalidation sent = amd.host.invalidations.remove();
        assertThat(sent).isEqualTo(new Invalidation(DEVICE, PASID, 0x7f12_3440_0000L, 21, false, sent.tag()));
        assertThat(amd.memory.load(DONE)).isZero();
        amd.hardware.atcInvalidationComplete(DEVICE, sent.tag());
        assertThat(amd.memory.load(DONE)).isEqualTo(7);
    }

    @Test
    void completionWaitWaitsForAccessesInFlight() {
        amd.memory.onBlock = pa -> {
            amd.memory.onBlock = again -> {};
            amd.completionWait(7);
            assertThat(amd.memory.load(DONE)).isZero();
        };
        amd.write(DEVICE, PASID, VA);
        assertThat(amd.memory.load(DONE)).isEqualTo(7);
    }

    @Test
    void anInvalidationWithoutAnswerIsEventE13() {
        for (int i = 0; i < 8; i++) {
            amd.completionWait(1);
        }
        amd.command(0x4145030020230300L, 0x00007f12344ff005L);
        amd.hardware.expireDeviceTlbInvalidations();
        assertThat(amd.events()).containsExactly("7000000000000300 0000000000100080");
    }

    @Test
    void anIllegalCommandIsEventE11AndStopsTheBuffer() {
        for (int i = 0; i < 4; i++) {
            amd.completionWait(1);
        }
        amd.command(0xf000000000000000L, 0);
        assertThat(amd.events()).containsExactly("5000000000000000 0000000000100040");
        assertThat(amd.status() & 0x10).isZero();
        assertThat(amd.hardware.registers().read64(TestAmd.CMD_HEAD)).isEqualTo(0x40);
    }

    @Test
    void aStoppedBufferStartsAgainWithItsEnable() {
        amd.command(0xf000000000000000L, 0);
        amd.memory.put(COMMANDS, 0x1000000000130001L, 9);
        write(CONTROL, ON & ~TestAmd.CMD_BUF_EN);
        write(CONTROL, ON);
        assertThat(amd.memory.load(DONE)).isEqualTo(9);
    }

    @Test
    void aStoreToNowhereIsEventE12() {
        amd.memory.hole(0x13_0000L, 8);
        for (int i = 0; i < 4; i++) {
            amd.command(0x1000000000000000L, 0);
        }
        amd.completionWait(1);
        assertThat(amd.events()).containsExactly("6400000000000000 0000000000100040");
    }

    @Test
    void aFullEventLogStopsAndStartsAgain() {
        amd.memory.put(PTE, 0);
        for (int i = 0; i < 512; i++) {
            amd.write(DEVICE, PASID, VA);
        }
        assertThat(amd.status() & 0xb).isEqualTo(3);
        assertThat(amd.events()).hasSize(511);
        amd.write(DEVICE, PASID, VA);
        assertThat(amd.events()).isEmpty();
        write(CONTROL, ON & ~EVENT_LOG_EN);
        write(STATUS, 1);
        write(CONTROL, ON);
        amd.write(DEVICE, PASID, VA);
        assertThat(amd.events()).hasSize(1);
    }

    @Test
    void oneMessageUntilTheFlagIsCleared() {
        amd.memory.put(PTE, 0);
        amd.write(DEVICE, PASID, VA);
        amd.write(DEVICE, PASID, VA);
        assertThat(amd.host.takeInterrupts()).hasSize(1);
        write(STATUS, 2);
        amd.write(DEVICE, PASID, VA);
        assertThat(amd.host.takeInterrupts()).hasSize(1);
    }

    @Test
    void withoutMsiEnNothingIsSent() {
        amd.hardware.registers().write32(0x158, 0);
        amd.command(0x1000000000130003L, 1);
        assertThat(amd.host.takeInterrupts()).isEmpty();
    }

    @Test
    void aPageRequestIsEntryR1() {
        amd.hardware.pageRequest(request(5, true));
        assertThat(amd.requests()).containsExactly("1164060523450300 00007f1234567000");
        assertThat(amd.host.takeInterrupts()).hasSize(1);
    }

    @Test
    void aPageRequestThatTheDeviceMayNotSendIsEventE15() {
        amd.memory.put(DTE, 0x6580000000000003L);
        amd.hardware.pageRequest(request(5, true));
        assertThat(amd.events()).containsExactly("9000060523450300 00007f1234567000");
        assertThat(amd.host.responses).containsExactly("0x300 pasid -1 group 5 FAILURE");
        assertThat(amd.requests()).isEmpty();
    }

    @Test
    void completePprRequestAnswersTheGroup() {
        amd.command(0x7001234500000300L, 0x0000100500000004L, 0x7000000000000300L, 0x000001ff00000000L);
        assertThat(amd.host.responses)
                .containsExactly("0x300 pasid 74565 group 5 INVALID", "0x300 pasid -1 group 511 SUCCESS");
    }

    @Test
    void aFullPprLogStops() {
        for (int i = 0; i < 512; i++) {
            amd.hardware.pageRequest(request(i % 512, false));
        }
        assertThat(amd.status() & 0xe0).isEqualTo(0x60);
    }
}
