package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.ALL_ON;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0_STALL;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.MISSING_PTE;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.MISSING_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_PA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SMMUEN;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.USER_RW;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0_TERM_MODEL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5_STALL_MAX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.smmu.layout.ConfigurationCommands;
import dev.sva4j.vendor.smmu.layout.EventRecord;
import dev.sva4j.vendor.smmu.layout.StallCommands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The stall model (§3.12.2, §4.6). */
class StallTest {
    private static final long OTHER_PAGE = 0x9000_0000L;

    private final TestSmmu smmu = stalling(IdRegisters.PRODUCT);

    private static TestSmmu stalling(IdRegisters ids) {
        TestSmmu smmu = TestSmmu.running(Behaviour.TYPICAL, ids);
        smmu.cd0(CD0_STALL);
        return smmu;
    }

    private long stag() {
        long[] event = smmu.event();
        assertThat(EventRecord.STALL.isSet(event[1])).isTrue();
        return EventRecord.STAG.get(event[1]);
    }

    private void map(long pte) {
        smmu.memory.put(MISSING_PTE, pte);
    }

    private void retry(long stag) {
        smmu.command(StallCommands.resumeRetryWord0(SID), stag);
    }

    @Test
    void aRetrySucceedsWhenThePageIsThere() {
        smmu.memory.put(OTHER_PAGE, 0x1122334455667788L);
        Dma dma = smmu.read(MISSING_VA);
        assertThat(dma.outcome()).isNull();
        long stag = stag();
        map(0x0060000090000f43L);
        retry(stag);
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(dma.bytes).containsExactly(0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11);
        assertThat(smmu.takeEvents()).isEmpty();
    }

    @Test
    void aRetryThatFailsStallsAgainUnderANewStag() {
        Dma dma = smmu.read(MISSING_VA);
        long first = stag();
        retry(first);
        long second = stag();
        assertThat(second).isNotEqualTo(first);
        retry(first);
        assertThat(smmu.takeEvents()).as("the old STAG names nobody").isEmpty();
        map(USER_RW);
        retry(second);
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void aRetryUsesTheConfigurationOfNow() {
        Dma dma = smmu.read(MISSING_VA);
        long stag = stag();
        smmu.cd0(CD0);
        smmu.done(ConfigurationCommands.cfgiCdWord0(SID, SSID), 1);
        assertThat(dma.outcome()).as("invalidations release nobody").isNull();
        retry(stag);
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(EventRecord.STALL.isSet(smmu.event()[1])).isFalse();
    }

    @Test
    void aTransactionGoesOnAtThePageThatFaulted() {
        byte[] data = new byte[8192];
        Arrays.fill(data, (byte) 7);
        Dma dma = smmu.submit(Dma.write(SID, SSID, PAGE_VA + 0x800, data));
        long stag = stag();
        assertThat(smmu.memory.bytes(PAGE_PA + 0xff8, 8))
                .as("the first page is done")
                .containsOnly(7);
        smmu.memory.put(PAGE_PA + 0xff8, 0);
        map(0x0060000090000f43L);
        retry(stag);
        assertThat(smmu.memory.bytes(PAGE_PA + 0xff8, 8))
                .as("and not done again")
                .containsOnly(0);
        assertThat(smmu.memory.bytes(OTHER_PAGE, 4096)).containsOnly(7);

        long[] event = smmu.event();
        assertThat(event[2]).isEqualTo(MISSING_VA + 0x1000);
        smmu.command(StallCommands.resumeAbortWord0(SID), EventRecord.STAG.get(event[1]));
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
    }

    @Test
    void terminationIsAnAbortOrReadsZero() {
        Dma aborted = smmu.read(MISSING_VA);
        smmu.command(StallCommands.resumeAbortWord0(SID), stag());
        assertThat(aborted.outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);

        Dma zero = Dma.read(SID, SSID, MISSING_VA, 8);
        Arrays.fill(zero.bytes, (byte) -1);
        smmu.submit(zero);
        smmu.command(StallCommands.resumeRazWiWord0(SID), stag());
        assertThat(zero.outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(zero.bytes).containsOnly(0);
    }

    @Test
    void razWiEndsThePageAndNotTheRestOfTheTransaction() {
        smmu.memory.put(PAGE_PA, -1);
        Dma dma = Dma.read(SID, SSID, MISSING_VA - 8, 16);
        smmu.submit(dma);
        smmu.memory.put(PAGE_PA + 0xff8, -1);
        smmu.command(StallCommands.resumeRazWiWord0(SID), stag());
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.SUCCESS);
    }

    @Test
    void withTheTerminateModelThatOnlyAbortsRazWiIsAnAbort() {
        TestSmmu other = stalling(Ids.with(IDR0_TERM_MODEL, 1));
        Dma dma = other.read(MISSING_VA);
        other.command(StallCommands.resumeRazWiWord0(SID), EventRecord.STAG.get(other.event()[1]));
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
    }

    @Test
    void resumeOfAnotherStreamOrStagDoesNothing() {
        Dma dma = smmu.read(MISSING_VA);
        long stag = stag();
        smmu.command(StallCommands.resumeAbortWord0(SID + 1), stag);
        smmu.command(StallCommands.resumeAbortWord0(SID), stag + 1);
        assertThat(dma.outcome()).isNull();
        assertThat(smmu.commandError()).isZero();
    }

    @Test
    void stallTermAbortsAllOfTheStreamAndNoOther() {
        Dma one = smmu.read(MISSING_VA);
        Dma two = smmu.read(MISSING_VA);
        smmu.command(StallCommands.stallTermWord0(SID + 1), 0);
        assertThat(one.outcome()).isNull();
        smmu.command(StallCommands.stallTermWord0(SID), 0);
        assertThat(one.outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(two.outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
    }

    @Test
    void disablingTheSmmuAbortsAllAndFreesTheirStags() {
        Dma dma = smmu.read(MISSING_VA);
        long stag = stag();
        smmu.cr0(ALL_ON & ~SMMUEN);
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        retry(stag);
        assertThat(smmu.commandError()).isZero();
    }

    @Test
    void closingAbortsAllAndWhatComesLater() {
        Dma dma = smmu.read(MISSING_VA);
        smmu.hardware.close();
        smmu.hardware.close();
        assertThat(dma.outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(smmu.read(PAGE_VA).outcome()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
    }

    @Test
    void aStalledTransactionHoldsUpNoSync() {
        smmu.read(MISSING_VA);
        assertThat(smmu.sync()).isTrue();
    }

    @Test
    void atMostStallMaxHaveAStagAndTheOthersFollow() {
        TestSmmu small = stalling(Ids.with(IDR5_STALL_MAX, 2));
        List<Dma> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(small.read(MISSING_VA));
        }
        Set<Long> stags = new HashSet<>();
        List<long[]> events = small.takeEvents();
        assertThat(events).hasSize(2);
        for (int i = 0; i < 5; i++) {
            long stag = EventRecord.STAG.get(events.remove(0)[1]);
            assertThat(stags.add(stag)).isTrue();
            small.command(StallCommands.resumeAbortWord0(SID), stag);
            events.addAll(small.takeEvents());
        }
        assertThat(events).isEmpty();
        assertThat(all).allMatch(dma -> dma.outcome() == CompletionStatus.COMPLETER_ABORT);
    }

    @Test
    void thoseBeyondStallMaxAreTranslatedAnewAndMaySucceed() {
        TestSmmu small = stalling(Ids.with(IDR5_STALL_MAX, 1));
        small.read(MISSING_VA);
        Dma second = small.read(MISSING_VA);
        small.memory.put(MISSING_PTE, USER_RW);
        small.command(StallCommands.resumeRetryWord0(SID), EventRecord.STAG.get(small.event()[1]));
        assertThat(second.outcome()).isEqualTo(CompletionStatus.SUCCESS);
        assertThat(small.takeEvents()).isEmpty();
    }

    @Test
    void resumeRacingWithTheFaultCompletesEachTransactionOnce() throws InterruptedException {
        int count = 2000;
        List<Dma> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(Dma.read(SID, SSID, MISSING_VA, 8));
        }
        Thread device = new Thread(() -> all.forEach(smmu.hardware::submit));
        device.start();
        int ended = 0;
        while (ended < count) {
            for (long[] event : smmu.takeEvents()) {
                smmu.command(StallCommands.resumeAbortWord0(SID), EventRecord.STAG.get(event[1]));
                ended++;
            }
        }
        device.join();
        assertThat(all).allMatch(dma -> dma.outcome() == CompletionStatus.COMPLETER_ABORT);
    }
}
