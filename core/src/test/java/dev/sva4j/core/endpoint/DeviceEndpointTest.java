package dev.sva4j.core.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.core.schedule.ThreadScheduler;
import dev.sva4j.core.unit.DevicePort;
import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.pagetable.Rights;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeviceEndpointTest {
    private static final int PASID = 3;
    private static final long AT = 0x7000_1000L;
    private static final long PA = 0x8000_5000L;

    private final ThreadScheduler scheduler = new ThreadScheduler();
    private final FakeIommu iommu = new FakeIommu();
    private final DeviceEndpoint endpoint =
            new DeviceEndpoint(DeviceSpec.pci("dev", 0x100), iommu, scheduler, () -> iommu.log.add("gone"));
    private final DmaPort port = endpoint.openPort();
    private final byte[] data = new byte[8192];

    /** Grants what it is told to grant; writes down what comes. */
    private final class FakeIommu implements DevicePort {
        private final List<String> log = new CopyOnWriteArrayList<>();
        private volatile int rights = Rights.READ | Rights.WRITE;
        private volatile ResponseCode answer = ResponseCode.SUCCESS;
        private volatile Consumer<Transaction> during = transaction -> {};
        private volatile boolean carriesPasids = true;

        @Override
        public boolean carries(TransactionKind kind) {
            return carriesPasids || kind != TransactionKind.PASID_TAGGED;
        }

        @Override
        public void submit(Transaction transaction) {
            log.add(String.format("%s %x/%d", transaction.addressType(), transaction.address(), transaction.length()));
            during.accept(transaction);
            if (transaction.addressType() == AddressType.TRANSLATION_REQUEST) {
                transaction.setTranslation(PA, 12, rights);
            }
            transaction.complete(CompletionStatus.SUCCESS);
        }

        @Override
        public void pageRequest(PageRequest request) {
            log.add(String.format("page request %x %s", request.address(), request.write() ? "w" : "r"));
            if (answer == ResponseCode.SUCCESS) {
                rights = Rights.READ | Rights.WRITE;
            }
            endpoint.pageGroupResponse(request.pasid(), request.group(), answer);
        }

        @Override
        public void atcInvalidationComplete(int requester, int tag) {
            log.add("invalidated " + tag);
        }
    }

    @AfterEach
    void close() {
        scheduler.close();
    }

    private void enable() {
        endpoint.setAts(true);
        endpoint.setPageRequests(true);
    }

    private DmaStatus read(int length) {
        return port.read(PASID, AT, data, 0, length);
    }

    @Test
    void withoutAtsARequestGoesOutUntranslatedAsAWhole() {
        assertThat(read(8192)).isEqualTo(DmaStatus.OK);
        assertThat(iommu.log).containsExactly("UNTRANSLATED 70001000/8192");
    }

    @Test
    void withAtsATranslationIsAskedForOnceAndKept() {
        enable();
        read(8);
        read(8);

        assertThat(iommu.log)
                .containsExactly("TRANSLATION_REQUEST 70001000/1", "TRANSLATED 80005000/8", "TRANSLATED 80005000/8");
        assertThat(endpoint.counters().atcHits()).isEqualTo(2);
    }

    @Test
    void aMissingRightIsAskedForByAPageRequest() {
        enable();
        iommu.rights = Rights.READ;

        assertThat(port.write(PASID, AT, data, 0, 8)).isEqualTo(DmaStatus.OK);
        assertThat(iommu.log)
                .containsExactly(
                        "TRANSLATION_REQUEST 70001000/1",
                        "page request 70001000 w",
                        "TRANSLATION_REQUEST 70001000/1",
                        "TRANSLATED 80005000/8");
    }

    @Test
    void anInvalidResponseEndsTheOperationAndNotTheInterface() {
        enable();
        iommu.rights = 0;
        iommu.answer = ResponseCode.INVALID;
        DmaStatus refused = read(8);
        iommu.answer = ResponseCode.SUCCESS;

        assertThat(refused).isEqualTo(DmaStatus.PAGE_REQUEST_INVALID);
        assertThat(read(8)).isEqualTo(DmaStatus.OK);
    }

    @Test
    void aFailureResponseStopsPageRequestsOfTheFunction() {
        enable();
        iommu.rights = 0;
        iommu.answer = ResponseCode.FAILURE;
        DmaStatus failed = read(8);
        iommu.log.clear();

        assertThat(failed).isEqualTo(DmaStatus.PAGE_REQUEST_FAILURE);
        assertThat(read(8)).isEqualTo(DmaStatus.PAGE_REQUEST_INVALID);
        assertThat(iommu.log).containsExactly("TRANSLATION_REQUEST 70001000/1");
    }

    @Test
    void anInvalidationIsConfirmedOnlyAfterTheAccessInFlight() {
        enable();
        read(8);
        iommu.log.clear();
        iommu.during = transaction -> {
            endpoint.invalidateAtc(PASID, AT, 12, false, 9);
            iommu.log.add("access goes on");
        };

        read(8);

        assertThat(iommu.log).containsExactly("TRANSLATED 80005000/8", "access goes on", "invalidated 9");
    }

    @Test
    void anAnswerThatCrossedAnInvalidationIsNotKept() {
        enable();
        List<Integer> left = new ArrayList<>(List.of(1));
        iommu.during = transaction -> {
            if (transaction.addressType() == AddressType.TRANSLATION_REQUEST && !left.isEmpty()) {
                left.remove(0);
                endpoint.invalidateAtc(PASID, AT, 12, false, 1);
            }
        };

        read(8);

        assertThat(iommu.log)
                .containsExactly(
                        "TRANSLATION_REQUEST 70001000/1",
                        "invalidated 1",
                        "TRANSLATION_REQUEST 70001000/1",
                        "TRANSLATED 80005000/8");
    }

    @Test
    void anInvalidationDropsExactlyWhatItNames() {
        enable();
        port.read(PASID, AT, data, 0, 8);
        port.read(PASID + 1, AT, data, 0, 8);
        port.read(PASID, AT + 0x1000, data, 0, 8);
        iommu.log.clear();

        endpoint.invalidateAtc(PASID, AT, 12, false, 1);
        port.read(PASID + 1, AT, data, 0, 8);
        port.read(PASID, AT + 0x1000, data, 0, 8);
        port.read(PASID, AT, data, 0, 8);

        assertThat(iommu.log.stream().filter(line -> line.startsWith("TRANSLATION_REQUEST")))
                .containsExactly("TRANSLATION_REQUEST 70001000/1");
    }

    @Test
    void anInvalidationWithoutPasidDropsEverything() {
        enable();
        port.read(PASID, AT, data, 0, 8);
        port.read(PASID + 1, AT + 0x1000, data, 0, 8);
        iommu.log.clear();

        endpoint.invalidateAtc(Pasid.NONE, 0, 64, false, 1);
        port.read(PASID, AT, data, 0, 8);
        port.read(PASID + 1, AT + 0x1000, data, 0, 8);

        assertThat(iommu.log.stream().filter(line -> line.startsWith("TRANSLATION_REQUEST")))
                .hasSize(2);
    }

    @Test
    void aRemovedDeviceDoesNothingAndItsRootPortAnswersInvalidations() {
        enable();
        endpoint.surpriseRemove();
        endpoint.invalidateAtc(PASID, AT, 12, false, 4);

        assertThat(read(8)).isEqualTo(DmaStatus.FENCED);
        assertThat(iommu.log).containsExactly("gone", "invalidated 4");
    }

    @Test
    void fencingWaitsForARequestThatIsJustBeingHandedOver() {
        Scheduler.Task[] fencing = new Scheduler.Task[1];
        List<Boolean> fencedMeanwhile = new ArrayList<>();
        iommu.during = transaction -> {
            fencing[0] = scheduler.spawn("fence", endpoint::fence);
            scheduler.await(endpoint::isCutOff, Scheduler.NEVER);
            fencedMeanwhile.add(fencing[0].isDone());
        };

        DmaStatus first = read(8);
        fencing[0].join(Scheduler.NEVER);

        assertThat(fencedMeanwhile).containsExactly(false);
        assertThat(first).isEqualTo(DmaStatus.OK);
        assertThat(read(8)).isEqualTo(DmaStatus.FENCED);
        assertThat(port.fetchAdd(PASID, AT, 1)).isEqualTo(DmaStatus.FENCED);
    }

    @Test
    void anAnswerThatArrivesAfterAtsWentOffIsNotThereWhenItGoesOnAgain() {
        enable();
        iommu.during = transaction -> endpoint.setAts(false);
        DmaStatus crossed = read(8);
        iommu.during = transaction -> {};
        iommu.log.clear();
        enable();
        read(8);

        assertThat(crossed).isEqualTo(DmaStatus.UNSUPPORTED_REQUEST);
        assertThat(iommu.log).containsExactly("TRANSLATION_REQUEST 70001000/1", "TRANSLATED 80005000/8");
    }

    @Test
    void anOperationThatIsStillGoingOnCountsAsStartedOnly() {
        List<Long> during = new ArrayList<>();
        iommu.during = transaction ->
                during.addAll(List.of(endpoint.dmaAttempted(), endpoint.dmaCompleted(), endpoint.dmaAborted()));
        read(8);
        endpoint.fence();
        read(8);

        assertThat(during).containsExactly(1L, 0L, 0L);
        assertThat(List.of(endpoint.dmaAttempted(), endpoint.dmaCompleted(), endpoint.dmaAborted()))
                .containsExactly(2L, 1L, 1L);
    }

    @Test
    void aPasidWiderThanTheDevicesIsRefused() {
        assertThatThrownBy(() -> port.read(1 << 20, AT, data, 0, 8)).hasMessageContaining("20 PASID bits");
    }

    @Test
    void aRequestThatTheModelCannotCarryIsRefused() {
        iommu.carriesPasids = false;

        assertThatThrownBy(() -> read(8)).hasMessageContaining("does not carry PASID_TAGGED");
        assertThat(iommu.log).isEmpty();
    }

    @Test
    void aQueuedOperationRunsOnItsOwn() {
        assertThat(port.readAsync(PASID, AT, data, 0, 8).await(20_000_000_000L)).isEqualTo(DmaStatus.OK);
    }

    @Test
    void anUnalignedAtomicIsRefused() {
        assertThatThrownBy(() -> port.fetchAdd(PASID, AT + 4, 1)).hasMessageContaining("align");
    }
}
