package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.hardware.TestAmd.CONTROL;
import static dev.sva4j.vendor.amd.hardware.TestAmd.DEVICE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.DTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.ON;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PAGE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PASID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import org.junit.jupiter.api.Test;

/** Page requests as entries of the PPR log (AMD-Vi 2.6), and the answers that hardware gives by itself. */
class PageRequestTest {
    private static final int AUTO_RESPONSE = 0x2080;
    private static final long PPR_AUTO_RSP_EN = 1L << 39;
    private static final long PPR_AUTO_RSP_AON = 1L << 42;
    private static final int ROOM = 511;

    private final TestAmd amd = TestAmd.running();

    private void ask(int pasid, long address, boolean execute, boolean privileged, int group, boolean last) {
        amd.hardware.pageRequest(new PageRequest(
                DEVICE, pasid, address, true, false, execute, privileged, group, last, PageRequest.Kind.PRI));
    }

    private void askForLast(int group) {
        ask(PASID, PAGE, false, false, group, true);
    }

    private void write(long register, long value) {
        amd.hardware.registers().write64(register, value);
    }

    private void fillLog() {
        for (int i = 0; i < ROOM; i++) {
            ask(PASID, PAGE, false, false, 5, false);
        }
    }

    @Test
    void notTheLastOfItsGroup() {
        ask(PASID, PAGE + 0x1000, false, false, 5, false);
        assertThat(amd.requests()).containsExactly("1144040523450300 00007f1234568000");
    }

    @Test
    void withoutPasid() {
        ask(Pasid.NONE, 0x9000, false, false, 7, true);
        assertThat(amd.requests()).containsExactly("1044020700000300 0000000000009000");
    }

    @Test
    void privilegedAndExecute() {
        ask(0xabcde, 0xffff_8000_0012_3000L, true, true, 0x1ff, false);
        assertThat(amd.requests()).containsExactly("110629ffbcde0300 ffff800000123000");
    }

    @Test
    void theOneThatFindsTheLogFullIsLostWithoutAnswer() {
        fillLog();
        askForLast(6);
        assertThat(amd.host.responses).isEmpty();
        assertThat(amd.requests()).hasSize(ROOM);
    }

    @Test
    void theOneThatFindsTheLogFullIsAnsweredIfSoftwareSaysSo() {
        write(CONTROL, ON | PPR_AUTO_RSP_EN);
        write(AUTO_RESPONSE, 1);
        fillLog();
        askForLast(6);
        assertThat(amd.host.responses).containsExactly("0x300 pasid -1 group 6 INVALID");
    }

    @Test
    void noOneIsAnsweredWhileThereIsRoom() {
        write(CONTROL, ON | PPR_AUTO_RSP_EN);
        askForLast(6);
        assertThat(amd.host.responses).isEmpty();
    }

    @Test
    void gprpPutsThePasidIntoAnswersOfHardware() {
        amd.memory.put(DTE, 0x65b0000000000003L);
        write(CONTROL, ON | PPR_AUTO_RSP_EN);
        fillLog();
        askForLast(6);
        assertThat(amd.host.responses).containsExactly("0x300 pasid 74565 group 6 SUCCESS");
    }

    @Test
    void alwaysOnAnswersAllAndLogsNothing() {
        write(CONTROL, ON | PPR_AUTO_RSP_EN | PPR_AUTO_RSP_AON);
        askForLast(6);
        assertThat(amd.host.responses).containsExactly("0x300 pasid -1 group 6 SUCCESS");
        assertThat(amd.requests()).isEmpty();
    }
}
