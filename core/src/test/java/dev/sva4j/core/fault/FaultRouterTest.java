package dev.sva4j.core.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import dev.sva4j.api.Access;
import dev.sva4j.api.BondState;
import dev.sva4j.api.FaultReason;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.api.Protection;
import dev.sva4j.core.event.FaultCounters;
import dev.sva4j.core.event.Listeners;
import dev.sva4j.core.memory.BuddyFrameAllocator;
import dev.sva4j.core.memory.HeapMemory;
import dev.sva4j.core.mm.FrameTable;
import dev.sva4j.core.mm.MmEnvironment;
import dev.sva4j.core.mm.ProcessMm;
import dev.sva4j.core.schedule.ThreadScheduler;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultRouterTest {
    private static final int DEVICE = 0x100;
    private static final int PASID = 5;
    private static final long AT = 0x40_0000;
    private static final long PAGE = 4096;

    private final HeapMemory memory = new HeapMemory(0x8000_0000L, 4 << 20);
    private final BuddyFrameAllocator allocator = new BuddyFrameAllocator(memory);
    private final ThreadScheduler scheduler = new ThreadScheduler();
    private final Listeners nobody = new Listeners(List.of());
    private final FaultCounters counters = new FaultCounters();
    private final IommuDriver driver = mock();
    private final List<PageResponse> answers = new CopyOnWriteArrayList<>();
    private final PageFaultQueue queue = new PageFaultQueue(scheduler, 2);
    private final ProcessMm mm = ProcessMm.create(
            "app",
            new MmEnvironment(
                    memory, allocator, new FrameTable(memory, allocator), scheduler, Vmsav8_64.LINUX_4K, nobody),
            created -> {},
            gone -> {});
    private final Target target = new Target();
    private volatile Target bound = target;
    private final FaultRouter router = new FaultRouter("iommu0", new Targets(), queue, nobody, counters, () -> driver);

    private final class Target extends FaultTarget {
        private volatile BondState state = BondState.BOUND;

        Target() {
            super("target", scheduler);
        }

        @Override
        public BondState state() {
            return state;
        }

        @Override
        protected ProcessMm mm() {
            return mm;
        }
    }

    private final class Targets implements FaultTargets {
        @Override
        public @Nullable String deviceName(int requester) {
            return requester == DEVICE ? "dev" : null;
        }

        @Override
        public @Nullable FaultTarget find(int requester, int pasid) {
            return requester == DEVICE && pasid == PASID ? bound : null;
        }
    }

    @BeforeEach
    void recordAnswers() {
        doAnswer(call -> answers.add(call.getArgument(0))).when(driver).respond(any());
        mm.map(AT, 4 * PAGE, Protection.READ_WRITE);
    }

    @AfterEach
    void close() {
        queue.close();
        mm.close();
        scheduler.close();
    }

    private static PageRequest request(int pasid, long address, boolean write, int group, boolean last) {
        return new PageRequest(DEVICE, pasid, address, true, write, false, false, group, last, PageRequest.Kind.PRI);
    }

    private List<PageResponse> drained() {
        target.awaitDrained();
        return answers;
    }

    private static PageResponse answer(int pasid, int group, ResponseCode code) {
        return new PageResponse(DEVICE, pasid, group, PageRequest.Kind.PRI, code);
    }

    @Test
    void aGroupGetsOneAnswerWhenItsLastRequestHasCome() {
        router.pageRequest(request(PASID, AT, false, 1, false));
        router.pageRequest(request(PASID, AT + PAGE, true, 1, false));
        List<PageResponse> beforeLast = List.copyOf(drained());
        router.pageRequest(request(PASID, AT + 2 * PAGE, true, 1, true));

        assertThat(beforeLast).isEmpty();
        assertThat(drained()).containsExactly(answer(PASID, 1, ResponseCode.SUCCESS));
        assertThat(mm.residentBytes()).isEqualTo(3 * PAGE);
    }

    @Test
    void theFirstErrorDecidesAndTheRestIsNotExecuted() {
        router.pageRequest(request(PASID, AT, false, 1, false));
        router.pageRequest(request(PASID, AT + 64 * PAGE, false, 1, false));
        router.pageRequest(request(PASID, AT + PAGE, false, 1, true));

        assertThat(drained()).containsExactly(answer(PASID, 1, ResponseCode.INVALID));
        assertThat(mm.isResident(AT)).isTrue();
        assertThat(mm.isResident(AT + PAGE)).isFalse();
    }

    @Test
    void groupsOfDifferentPasidsWithOneIndexAreNotMixed() {
        router.pageRequest(request(PASID + 1, AT + 64 * PAGE, false, 1, false));
        router.pageRequest(request(PASID, AT, false, 1, true));

        assertThat(drained()).containsExactly(answer(PASID, 1, ResponseCode.SUCCESS));
    }

    @Test
    void anUnknownPasidIsAnsweredAtOnce() {
        router.pageRequest(request(PASID + 1, AT, false, 7, true));

        assertThat(answers).containsExactly(answer(PASID + 1, 7, ResponseCode.INVALID));
    }

    @Test
    void aStopMarkerIsNeitherAnsweredNorCounted() {
        router.pageRequest(
                new PageRequest(DEVICE, PASID, 0, false, false, false, false, 0, true, PageRequest.Kind.PRI));

        assertThat(drained()).isEmpty();
        assertThat(counters.pageRequests.sum()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"QUIESCED", "DRAINING", "NONE"})
    void aBondThatIsNotBoundAnswersInvalidAndFillsNoPage(BondState state) {
        target.state = state;

        router.pageRequest(request(PASID, AT, false, 1, true));

        assertThat(drained()).containsExactly(answer(PASID, 1, ResponseCode.INVALID));
        assertThat(mm.isResident(AT)).isFalse();
    }

    @Test
    void privilegedRequestsAreRefused() {
        router.pageRequest(new PageRequest(DEVICE, PASID, AT, true, false, false, true, 1, true, PageRequest.Kind.PRI));

        assertThat(drained()).containsExactly(answer(PASID, 1, ResponseCode.INVALID));
    }

    @Test
    void aSpuriousRequestSucceeds() {
        mm.populate(AT, PAGE, Access.WRITE);

        router.pageRequest(request(PASID, AT, true, 1, true));

        assertThat(drained()).containsExactly(answer(PASID, 1, ResponseCode.SUCCESS));
    }

    @Test
    void anExitedProcessAnswersInvalid() {
        mm.exit();

        router.pageRequest(request(PASID, AT, false, 1, true));

        assertThat(drained()).containsExactly(answer(PASID, 1, ResponseCode.INVALID));
    }

    @Test
    void afterAnOverflowPartialGroupsAreGoneAndNewOnesWork() {
        router.pageRequest(request(PASID, AT + 64 * PAGE, false, 1, false));
        router.pageRequestsLost();
        router.pageRequest(request(PASID, AT, false, 1, true));

        assertThat(drained()).containsExactly(answer(PASID, 1, ResponseCode.SUCCESS));
        assertThat(counters.discarded.sum()).isEqualTo(1);
    }

    @Test
    void parkedRequestsAreBoundedAndTheDamagedGroupIsRefused() {
        for (int i = 0; i < 5000; i++) {
            router.pageRequest(request(PASID, AT, false, 1, false));
        }
        router.pageRequest(request(PASID, AT, false, 1, true));

        assertThat(drained()).containsExactly(answer(PASID, 1, ResponseCode.INVALID));
        assertThat(counters.discarded.sum()).isEqualTo(5000 - 2048);
    }

    @Test
    void groupsThatWouldNotBeKeptTakeNoMemoryEither() {
        for (int group = 0; group < 3000; group++) {
            router.pageRequest(request(PASID, AT, false, group, false));
        }
        router.pageRequest(request(PASID, AT, false, 2999, true));

        assertThat(drained()).containsExactly(answer(PASID, 2999, ResponseCode.SUCCESS));
        assertThat(counters.discarded.sum()).isEqualTo(3000 - 2048);
    }

    @Test
    void aGroupThatBeganBeforeTheBondIsNotResolvedAgainstIt() {
        bound = new Target();
        router.pageRequest(request(PASID, AT, false, 1, false));
        bound = target;
        router.pageRequest(request(PASID, AT + PAGE, false, 1, true));

        assertThat(drained()).containsExactly(answer(PASID, 1, ResponseCode.INVALID));
        assertThat(mm.residentBytes()).isZero();
    }

    private static FaultRecord fault(int pasid, FaultReason reason) {
        return new FaultRecord("iommu0", DEVICE, pasid, AT, Access.READ, reason, "F", List.of(1L));
    }

    @Test
    void aQuiescedPasidIsSilentWhateverTheReason() {
        target.state = BondState.QUIESCED;
        for (FaultReason reason : FaultReason.values()) {
            router.unrecoverable(fault(PASID, reason));
        }

        assertThat(counters.reported.sum()).isZero();
        assertThat(counters.dropped.sum()).isEqualTo(FaultReason.values().length);
    }

    @Test
    void otherPasidsOfTheDeviceKeepReportingMeanwhile() {
        target.state = BondState.QUIESCED;

        router.unrecoverable(fault(PASID + 1, FaultReason.NOT_PRESENT));

        assertThat(counters.reported.sum()).isEqualTo(1);
    }

    @Test
    void aBoundPasidReportsBrokenEntriesButNotUserErrors() {
        router.unrecoverable(fault(PASID, FaultReason.NOT_PRESENT));
        router.unrecoverable(fault(PASID, FaultReason.BAD_PASID_ENTRY));

        assertThat(counters.dropped.sum()).isEqualTo(1);
        assertThat(counters.reported.sum()).isEqualTo(1);
    }

    /** On IOMMUs that cannot be silenced: the record may be from before the entry was cleared. */
    @Test
    void aPasidThatIsDrainingReportsBrokenEntriesButNotWhatWasRecordedBefore() {
        target.state = BondState.DRAINING;

        router.unrecoverable(fault(PASID, FaultReason.NOT_PRESENT));
        router.unrecoverable(fault(PASID, FaultReason.BAD_PASID_ENTRY));

        assertThat(counters.dropped.sum()).isEqualTo(1);
        assertThat(counters.reported.sum()).isEqualTo(1);
    }

    @Test
    void aDeviceThatDidNotStopBeforeUnbindIsReported() {
        target.state = BondState.NONE;

        router.unrecoverable(fault(PASID, FaultReason.NOT_PRESENT));

        assertThat(counters.reported.sum()).isEqualTo(1);
    }
}
