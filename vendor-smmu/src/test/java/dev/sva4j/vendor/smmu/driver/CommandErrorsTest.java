package dev.sva4j.vendor.smmu.driver;

import static dev.sva4j.vendor.smmu.driver.ScriptedSmmu.GERROR;
import static dev.sva4j.vendor.smmu.driver.ScriptedSmmu.GERRORN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.TranslationContext;
import org.junit.jupiter.api.Test;

/** What happens when the Command queue stops, is full, or takes too long. */
final class CommandErrorsTest {
    private static final int SID = Fixture.SID;
    private static final int PASID = Fixture.PASID;
    private static final int ILL = 1;
    private static final int ABT = 2;
    private static final int ATC_INV_SYNC = 3;

    private final Fixture fixture = new Fixture();
    private final ScriptedSmmu smmu = fixture.smmu;
    private final SmmuDriver driver = fixture.driver;
    private final FakeHost host = fixture.host;

    private final PageResponse response =
            new PageResponse(SID, PASID, 0x1A, PageRequest.Kind.PRI, ResponseCode.SUCCESS);

    @Test
    void anIllegalCommandIsADriversMistakeThatItsCallerSeesInRaw() {
        TranslationContext context = fixture.bound();
        smmu.verdict = command -> command.opcode() == 0x11 ? ILL : 0;

        assertThatThrownBy(() -> driver.closeContext(
                        driver.openContext(dev.sva4j.spi.pagetable.Vmsav8_64.LINUX_4K, 0x8000_0000L)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("CMD_TLBI_NH_ASID 0002000000000011 0000000000000000");

        // The queue goes on: a CMD_SYNC has taken the command's place.
        assertThat(smmu.takeCommands()).containsExactly(Cmd.SYNC, Cmd.SYNC);
        assertThat(smmu.get(GERRORN)).isEqualTo(smmu.get(GERROR));
        smmu.verdict = command -> 0;
        assertThatCode(() -> driver.invalidate(context, 0, -1, false)).doesNotThrowAnyException();
    }

    @Test
    void anIllegalCommandThatNobodyWaitsForIsReportedAllTheSame() {
        fixture.bound();
        smmu.verdict = command -> command.opcode() == 0x41 ? ILL : 0;
        driver.respond(response);

        host.interrupt(3);

        assertThatThrownBy(host.stepping::runTasks)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("CMD_PRI_RESP 0000123400c05841 000000000000201a");
        host.interrupt(3);
        assertThat(host.stepping.runTasks()).isZero();
    }

    @Test
    void anothersMistakeDoesNotDisturbAWaiter() {
        TranslationContext context = fixture.bound();
        smmu.verdict = command -> command.opcode() == 0x41 ? ILL : 0;
        driver.respond(response);

        assertThatCode(() -> driver.invalidate(context, 0, -1, false)).doesNotThrowAnyException();
    }

    @Test
    void aFetchThatAbortsOnceIsTriedAgain() {
        TranslationContext context = fixture.bound();
        int[] aborts = {2};
        smmu.verdict = command -> aborts[0]-- > 0 ? ABT : 0;

        driver.invalidate(context, 0, -1, false);

        assertThat(smmu.takeCommands()).hasSize(4);
    }

    @Test
    void aFetchThatAlwaysAbortsStopsTheQueueForGood() {
        TranslationContext context = fixture.bound();
        smmu.verdict = command -> ABT;

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.TIMED_OUT))
                .hasMessageContaining("CERROR_ABT");
        assertThatThrownBy(() -> driver.respond(response)).isInstanceOf(SvaException.class);
        driver.close();
    }

    @Test
    void whatDoesNotCompleteInTimeIsNamed() {
        TranslationContext context = fixture.bound();
        smmu.holds = true;

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.TIMED_OUT))
                .hasMessageContaining("iommu0")
                .hasMessageContaining("CMD_TLBI_NH_ASID");
    }

    @Test
    void aFullQueueIsWaitedForOutsideTheLockAndNothingIsLost() {
        fixture.bound();
        smmu.holds = true;
        for (int i = 0; i < 256; i++) {
            driver.respond(response);
        }
        assertThat(host.stepping.waits).isZero();
        host.stepping.duringWaits(() -> smmu.consume(1));

        driver.respond(response);

        assertThat(host.stepping.waits).isEqualTo(1);
        smmu.consume(1000);
        assertThat(smmu.takeCommands()).hasSize(257);
    }

    @Test
    void aQueueThatStaysFullIsGivenUpAfterTheCommandTimeOut() {
        fixture.bound();
        smmu.holds = true;
        for (int i = 0; i < 256; i++) {
            driver.respond(response);
        }

        assertThatThrownBy(() -> driver.respond(response))
                .isInstanceOf(SvaException.class)
                .hasMessageContaining("no room");
    }

    @Test
    void aQueueOfTwoEntriesIsEnough() {
        smmu.set(0x04, ScriptedSmmu.IDR1 & ~(31L << 21) | 1L << 21);
        TranslationContext context = fixture.bound();

        driver.invalidate(context, 0x1000, 0x1000 + 67 * 4096, true);
        driver.quiescePasid(SID, PASID);
        driver.clearPasid(SID, PASID);

        assertThat(smmu.takeCommands()).isNotEmpty();
    }

    @Test
    void theCountOfCommandsSurvivesAnyNumberOfWraps() {
        TranslationContext context = fixture.bound();

        for (int i = 0; i < 1000; i++) {
            driver.invalidate(context, 0, 0xFFF, false);
        }

        assertThat(smmu.takeCommands()).hasSize(4000);
        assertThat(host.stepping.waits).isZero();
    }

    @Test
    void hardwareThatReadsAsAllOnesIsNotTakenForACompletion() {
        TranslationContext context = fixture.bound();
        smmu.holds = true;
        host.stepping.duringWaits(() -> smmu.set(ScriptedSmmu.CMDQ_CONS, 0xffff_ffffL));

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gone or broken");
    }

    // Devices that do not answer.

    @Test
    void anAtcTimeOutOfHardwareIsToldToTheCallerAndTheQueueGoesOn() {
        TranslationContext context = fixture.bound();
        failOneAtcSync(() -> {});

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.TIMED_OUT))
                .hasMessageContaining("0x1234");
        driver.invalidate(context, 0, -1, false);
    }

    @Test
    void anAtcTimeOutOfADeviceThatHasGoneIsNoErrorAndTheOthersAreInvalidatedAgain() {
        TranslationContext context = fixture.bound();
        driver.attachDevice(Fixture.function(SID + 1));
        driver.setAts(SID + 1, true);
        driver.setPasid(SID + 1, PASID, context, false);
        smmu.takeCommands();
        failOneAtcSync(() -> driver.deviceGone(SID));

        driver.invalidate(context, 0, -1, false);

        assertThat(smmu.takeCommands())
                .containsExactly(
                        Cmd.of(0x0001_0000_0000_0011L, 0),
                        Cmd.SYNC,
                        Cmd.of(0x0000_1234_00c0_5840L, 0x34),
                        Cmd.of(0x0000_1235_00c0_5840L, 0x34),
                        Cmd.SYNC,
                        Cmd.of(0x0000_1235_00c0_5840L, 0x34),
                        Cmd.SYNC);
    }

    /** The first CMD_SYNC after an ATC invalidation fails once. */
    private void failOneAtcSync(Runnable meanwhile) {
        int[] state = {0};
        smmu.verdict = command -> {
            if (command.opcode() == 0x40 && state[0] == 0) {
                state[0] = 1;
            } else if (command.opcode() == 0x46 && state[0] == 1) {
                state[0] = 2;
                meanwhile.run();
                return ATC_INV_SYNC;
            }
            return 0;
        };
    }

    @Test
    void aDeviceThatHasGoneIsSentNothing() {
        TranslationContext context = fixture.bound();

        driver.deviceGone(SID);
        driver.invalidate(context, 0, -1, false);
        driver.clearPasid(SID, PASID);
        driver.setAts(SID, false);
        driver.detachDevice(SID);

        assertThat(smmu.takeCommands()).extracting(Cmd::opcode).doesNotContain(0x40);
    }

    @Test
    void theWaitForADeviceEndsWhenItIsGoneAndTheQueueIsFreed() {
        TranslationContext context = fixture.bound();
        holdAtSyncAfterAtc();
        host.stepping.duringWaits(() -> driver.deviceGone(SID));
        long before = host.stepping.nanoTime();

        driver.invalidate(context, 0, -1, false);

        assertThat(host.stepping.nanoTime() - before).isLessThan(FakeHost.TIMEOUT / 2);
        assertThat(smmu.get(ScriptedSmmu.CR0)).isEqualTo(0x1f);
        assertThatCode(() -> driver.closeContext(context())).doesNotThrowAnyException();
    }

    @Test
    void aDeviceThatHangsCostsOneTimeOutAndNotTheWholeUnit() {
        TranslationContext context = fixture.bound();
        holdAtSyncAfterAtc();

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false))
                .isInstanceOf(SvaException.class)
                .hasMessageContaining("CMD_ATC_INV");

        assertThat(smmu.writes).contains(new ScriptedSmmu.Write(0x20, 0x17), new ScriptedSmmu.Write(0x20, 0x1f));
        assertThatCode(() -> driver.closeContext(context())).doesNotThrowAnyException();
    }

    @Test
    void hardwareThatDoesNotStopIsNoWorseOff() {
        TranslationContext context = fixture.bound();
        holdAtSyncAfterAtc();
        smmu.acknowledges = false;

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false))
                .isInstanceOf(SvaException.class)
                .hasMessageContaining("CMD_ATC_INV");
        assertThat(smmu.get(ScriptedSmmu.CR0)).isEqualTo(0x1f);
    }

    private TranslationContext context() {
        return driver.openContext(dev.sva4j.spi.pagetable.Vmsav8_64.LINUX_4K, 0x8000_0000L);
    }

    /** A CMD_SYNC that waits for an ATC stays where it is until the queue is disabled. */
    private void holdAtSyncAfterAtc() {
        boolean[] outstanding = {false};
        smmu.stuck = command -> {
            if (command.opcode() == 0x40) {
                outstanding[0] = true;
            }
            return command.opcode() == 0x46 && outstanding[0];
        };
        smmu.onCommandQueueDisabled = () -> outstanding[0] = false;
    }
}
