package dev.sva4j.vendor.vtd.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.pagetable.X86_64;
import org.junit.jupiter.api.Test;

/** What happens when the invalidation queue stops, is full, or takes too long. */
final class QueueErrorsTest {
    private static final int SID = Fixture.SID;
    private static final int PASID = Fixture.PASID;
    private static final int FETCH = 2;
    private static final int RESERVED = 4;
    private static final int CAPACITY = 255;

    private final Fixture fixture = new Fixture();
    private final ScriptedVtd vtd = fixture.vtd;
    private final VtdDriver driver = fixture.driver;
    private final FakeHost host = fixture.host;

    private final PageResponse response = new PageResponse(SID, PASID, 5, PageRequest.Kind.PRI, ResponseCode.SUCCESS);

    // FSTS.IQE

    @Test
    void aRefusedDescriptorIsADriversMistakeThatItsCallerSeesInRaw() {
        TranslationContext context = fixture.bound();
        vtd.verdict = descriptor -> descriptor.type() == 6 ? RESERVED : 0;

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("p_iotlb_inv 0001234500020026 0000000000000000")
                .hasMessageContaining("IQEI 4");

        // The queue goes on: a wait has taken the descriptor's place.
        assertThat(vtd.takeAll()).containsExactly("wait", "wait");
        vtd.verdict = descriptor -> 0;
        assertThatCode(() -> driver.invalidate(context, 0, -1, false)).doesNotThrowAnyException();
    }

    @Test
    void aRefusedDescriptorThatNobodyWaitsForIsReportedAllTheSame() {
        fixture.bound();
        vtd.verdict = descriptor -> descriptor.type() == 9 ? RESERVED : 0;
        driver.respond(response);

        host.interrupt(FakeHost.FAULT);

        assertThatThrownBy(host.stepping::runTasks)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("page_grp_resp 000123453a000019 0000000000000028");
        host.interrupt(FakeHost.FAULT);
        assertThat(host.stepping.runTasks()).isZero();
    }

    @Test
    void anothersMistakeDoesNotDisturbAWaiter() {
        TranslationContext context = fixture.bound();
        vtd.verdict = descriptor -> descriptor.type() == 9 ? RESERVED : 0;
        driver.respond(response);

        assertThatCode(() -> driver.invalidate(context, 0, -1, false)).doesNotThrowAnyException();
    }

    @Test
    void aFetchThatFailsOnceIsTriedAgain() {
        TranslationContext context = fixture.bound();
        int[] failures = {2};
        vtd.verdict = descriptor -> failures[0]-- > 0 ? FETCH : 0;

        driver.invalidate(context, 0, -1, false);

        assertThat(vtd.takeAll()).hasSize(4);
    }

    @Test
    void aQueueThatAlwaysStopsAtOnePlaceIsGivenUp() {
        TranslationContext context = fixture.bound();
        vtd.verdict = descriptor -> FETCH;

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.TIMED_OUT))
                .hasMessageContaining("IQEI 2");
        assertThatThrownBy(() -> driver.respond(response)).isInstanceOf(SvaException.class);
    }

    // Time

    @Test
    void whatDoesNotCompleteInTimeIsNamed() {
        TranslationContext context = fixture.bound();
        vtd.holds = true;

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.TIMED_OUT))
                .hasMessageContaining("iommu0")
                .hasMessageContaining("p_iotlb_inv");
    }

    @Test
    void fetchedIsNotComplete() {
        TranslationContext context = fixture.bound();
        vtd.withheld = descriptor -> true;

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false)).isInstanceOf(SvaException.class);
        assertThat(vtd.get(ScriptedVtd.IQH)).isEqualTo(vtd.get(ScriptedVtd.IQT));
    }

    @Test
    void aStatusThatComesTooLateIsNobodyElses() {
        TranslationContext context = fixture.bound();
        long[] late = new long[1];
        vtd.withheld = descriptor -> {
            late[0] = descriptor.word1();
            return true;
        };
        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false)).isInstanceOf(SvaException.class);
        long lateAddress = late[0];

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false)).isInstanceOf(SvaException.class);

        assertThat(late[0]).as("the word of the next wait").isNotEqualTo(lateAddress);
    }

    @Test
    void aFullQueueIsWaitedForOutsideTheLockAndNothingIsLost() {
        fixture.bound();
        vtd.holds = true;
        for (int i = 0; i < CAPACITY; i++) {
            driver.respond(response);
        }
        assertThat(host.stepping.waits).isZero();
        host.stepping.duringWaits(() -> vtd.consume(1));

        driver.respond(response);

        assertThat(host.stepping.waits).isEqualTo(1);
        vtd.consume(1000);
        assertThat(vtd.takeAll()).hasSize(CAPACITY + 1);
    }

    @Test
    void aQueueThatStaysFullIsGivenUpAfterTheCommandTimeOut() {
        fixture.bound();
        vtd.holds = true;
        for (int i = 0; i < CAPACITY; i++) {
            driver.respond(response);
        }

        assertThatThrownBy(() -> driver.respond(response))
                .isInstanceOf(SvaException.class)
                .hasMessageContaining("no room");
    }

    @Test
    void theCountOfDescriptorsSurvivesAnyNumberOfWraps() {
        TranslationContext context = fixture.bound();

        for (int i = 0; i < 1000; i++) {
            driver.invalidate(context, 0, 0xFFF, false);
        }

        assertThat(vtd.takeAll()).hasSize(4000);
        assertThat(host.stepping.waits).isZero();
    }

    @Test
    void hardwareThatReadsAsAllOnesIsNotTakenForACompletion() {
        TranslationContext context = fixture.bound();
        vtd.holds = true;
        host.stepping.duringWaits(() -> {
            vtd.set(ScriptedVtd.IQH, -1);
            vtd.set(ScriptedVtd.FSTS, 0xffff_ffffL);
        });

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gone or broken");
    }

    // FSTS.ITE: devices that do not answer.

    /** Withholds the wait behind a device-TLB invalidation and gives the device up. */
    private void timeOutOnce(int sid, Runnable meanwhile) {
        boolean[] outstanding = new boolean[1];
        boolean[] done = new boolean[1];
        vtd.withheld = descriptor -> outstanding[0] && !done[0];
        vtd.verdict = descriptor -> {
            outstanding[0] |= descriptor.type() == 8;
            return 0;
        };
        host.stepping.duringWaits(() -> {
            done[0] = true;
            meanwhile.run();
            vtd.timeOut(sid);
        });
    }

    @Test
    void aDeviceThatHangsIsToldToTheCallerAndTheQueueGoesOn() {
        TranslationContext context = fixture.bound();
        timeOutOnce(SID, () -> {});

        assertThatThrownBy(() -> driver.invalidate(context, 0, -1, false))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.TIMED_OUT))
                .hasMessageContaining("device 0x3a00");
        driver.invalidate(context, 0, -1, false);
    }

    @Test
    void aDeviceThatHasGoneIsNoErrorAndTheOthersAreInvalidatedAgain() {
        TranslationContext context = fixture.bound();
        driver.attachDevice(Fixture.function(SID + 1));
        driver.setAts(SID + 1, true);
        driver.setPasid(SID + 1, PASID, context, false);
        vtd.takeAll();
        timeOutOnce(SID, () -> driver.deviceGone(SID));

        driver.invalidate(context, 0, -1, false);

        assertThat(vtd.takeAll())
                .containsExactly(
                        "0001234500020026 0",
                        "wait",
                        "3a0123453a000008 7ffffffffffff800",
                        "3a0123453a011008 7ffffffffffff800",
                        "wait",
                        "3a0123453a011008 7ffffffffffff800",
                        "wait");
    }

    @Test
    void whoeverWaitedWhenAnothersDeviceWasGivenUpIsRepeated() {
        TranslationContext context = fixture.bound();
        boolean[] done = new boolean[1];
        vtd.withheld = descriptor -> !done[0];
        host.stepping.duringWaits(() -> {
            done[0] = true;
            vtd.timeOut(SID + 7);
        });

        driver.invalidate(context, 0, -1, false);

        assertThat(vtd.takeAll())
                .containsExactly(
                        "0001234500020026 0",
                        "wait",
                        "0001234500020026 0",
                        "wait",
                        "3a0123453a000008 7ffffffffffff800",
                        "wait");
    }

    @Test
    void theWaitForADeviceEndsWhenItIsGone() {
        TranslationContext context = fixture.bound();
        boolean[] outstanding = new boolean[1];
        vtd.verdict = descriptor -> {
            outstanding[0] |= descriptor.type() == 8;
            return 0;
        };
        vtd.withheld = descriptor -> outstanding[0];
        host.stepping.duringWaits(() -> driver.deviceGone(SID));
        long before = host.stepping.nanoTime();

        driver.invalidate(context, 0, -1, false);

        assertThat(host.stepping.nanoTime() - before).isLessThan(FakeHost.TIMEOUT / 2);
    }

    @Test
    void aDeviceThatHasGoneIsSentNothing() {
        TranslationContext context = fixture.bound();

        driver.deviceGone(SID);
        driver.invalidate(context, 0, -1, false);
        driver.clearPasid(SID, PASID);
        driver.setAts(SID, false);
        driver.detachDevice(SID);

        assertThat(vtd.takeDescriptors()).extracting(Descriptor::type).doesNotContain(3, 8);
        assertThatCode(() -> driver.openContext(X86_64.FOUR_LEVELS, Fixture.ROOT))
                .doesNotThrowAnyException();
    }
}
