package dev.sva4j.vendor.smmu.driver;

import static dev.sva4j.vendor.smmu.driver.ScriptedSmmu.EVENTQ_CONS;
import static dev.sva4j.vendor.smmu.driver.ScriptedSmmu.EVENTQ_PROD;
import static dev.sva4j.vendor.smmu.driver.ScriptedSmmu.PRIQ_CONS;
import static dev.sva4j.vendor.smmu.driver.ScriptedSmmu.PRIQ_PROD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.Access;
import dev.sva4j.api.FaultReason;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.spi.PageRequest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the entries of the Event and PRI queues (records of §12.7), and the protocols around the queues. */
final class FaultQueuesTest {
    private static final int SID = Fixture.SID;
    private static final int PASID = Fixture.PASID;
    private static final long OVERFLOW = 1L << 31;

    private static final long[] STALLED_READ = {0x0000_1234_00c0_5810L, 0x0000_0208_8000_0055L, 0x7f12_3456_8010L, 0};
    private static final long[] REQUEST_LAST = {0xf000_0c05_0000_1234L, 0x7f12_3456_701aL};

    private final Fixture fixture = new Fixture();
    private final ScriptedSmmu smmu = fixture.smmu;
    private final FakeHost host = fixture.host;

    @BeforeEach
    void start() {
        fixture.start();
    }

    private List<Object> delivered() {
        return host.faults.delivered;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "F_TRANSLATION,       0000123400c05810, 0000020000000000, 00007f1234568010, 0, 1234, 3077, 7f1234568010, WRITE, NOT_PRESENT",
        "F_ADDR_SIZE,         0000123400c05811, 0000020800000000, 00007f123456989a, 0, 1234, 3077, 7f123456989a, READ, ADDRESS_SIZE",
        "F_ACCESS,            0000123400c05812, 0000020800000000, 00007f123456a89a, 0, 1234, 3077, 7f123456a89a, READ, ACCESS_FLAG",
        "F_PERMISSION,        0000123400c05813, 0000020c00000000, 00007f1280000010, 0, 1234, 3077, 7f1280000010, EXECUTE, PERMISSION",
        "F_WALK_EABT,         0000123400c0580b, 0000010800000000, 00007f123456789a, 81236d10, 1234, 3077, 7f123456789a, READ, WALK_ABORT",
        "C_BAD_STREAMID,      0001000100000002, 0, 0, 0, 10001, -1, 0, READ, BAD_DEVICE_ENTRY",
        "F_STE_FETCH,         0000123400000003, 0, 0, 80300d00, 1234, -1, 0, READ, BAD_DEVICE_ENTRY",
        "C_BAD_STE,           0000123400000004, 0, 0, 0, 1234, -1, 0, READ, BAD_DEVICE_ENTRY",
        "F_CD_FETCH,          0000123400c05809, 0, 0, 80510140, 1234, 3077, 0, READ, BAD_PASID_ENTRY",
        "C_BAD_CD,            0000123400c0580a, 0, 0, 0, 1234, 3077, 0, READ, BAD_PASID_ENTRY",
        "C_BAD_SUBSTREAMID,   0000123400c05008, 0, 0, 0, 1234, 3077, 0, READ, BAD_PASID_ENTRY",
        "F_STREAM_DISABLED,   0000123400000006, 0, 0, 0, 1234, -1, 0, READ, FORBIDDEN_REQUEST",
        "F_TRANSL_FORBIDDEN,  0000123400000007, 0, 000000008abcd000, 0, 1234, -1, 8abcd000, WRITE, FORBIDDEN_REQUEST",
        "F_BAD_ATS_TREQ,      0000123400c05805, 00000000c0000001, 00007f1234567000, 0, 1234, 3077, 7f1234567000, WRITE, FORBIDDEN_REQUEST",
        "event 0x7f,          000012340000007f, 1, 2, 3, 1234, -1, 0, READ, OTHER",
    })
    void eventsBecomeFaultsInWordsOfCore(
            String name,
            String w0,
            String w1,
            String w2,
            String w3,
            String requester,
            int pasid,
            String address,
            Access access,
            FaultReason reason) {
        long[] raw = {hex(w0), hex(w1), hex(w2), hex(w3)};
        smmu.event(raw);

        host.interrupt(0);

        assertThat(delivered())
                .containsExactly(new FaultRecord(
                        "iommu0",
                        (int) hex(requester),
                        pasid,
                        hex(address),
                        access,
                        reason,
                        name,
                        List.of(raw[0], raw[1], raw[2], raw[3])));
    }

    private static long hex(String digits) {
        return Long.parseUnsignedLong(digits, 16);
    }

    @Test
    void aStalledTransactionIsAPageRequestAndAGroupOfItsOwn() {
        smmu.event(STALLED_READ);
        smmu.event(0x0000_1234_00c0_5813L, 0x0000_0200_8000_0056L, 0x7f12_8000_0010L, 0);

        host.interrupt(0);

        assertThat(delivered())
                .containsExactly(
                        new PageRequest(
                                SID,
                                PASID,
                                0x7f12_3456_8010L,
                                true,
                                false,
                                false,
                                false,
                                0x55,
                                true,
                                PageRequest.Kind.STALL),
                        new PageRequest(
                                SID,
                                PASID,
                                0x7f12_8000_0010L,
                                false,
                                true,
                                false,
                                false,
                                0x56,
                                true,
                                PageRequest.Kind.STALL));
    }

    @Test
    void pageRequestsAreDeliveredStopMarkersToo() {
        smmu.pageRequest(REQUEST_LAST);
        smmu.pageRequest(0xc000_0c05_0000_1234L, 0);
        smmu.pageRequest(0x1000_0000_0000_1234L, 0x5000_0001L);

        host.interrupt(1);

        PageRequest request = (PageRequest) delivered().get(0);
        assertThat(request)
                .isEqualTo(new PageRequest(
                        SID, PASID, 0x7f12_3456_7000L, true, true, false, false, 0x1A, true, PageRequest.Kind.PRI));
        assertThat(((PageRequest) delivered().get(1)).isStopMarker()).isTrue();
        assertThat(delivered().get(2))
                .isEqualTo(new PageRequest(
                        SID, -1, 0x5000_0000L, true, false, false, false, 1, false, PageRequest.Kind.PRI));
    }

    @Test
    void consFollowsSoThatHardwareHasRoom() {
        for (int i = 0; i < 300; i++) {
            smmu.event(0x0000_1234_0000_0004L, i, 0, 0);
            host.interrupt(0);
        }

        assertThat(smmu.get(EVENTQ_CONS)).isEqualTo(smmu.get(EVENTQ_PROD)).isEqualTo(300 & 0xff);
        assertThat(delivered()).hasSize(300);
        for (int i = 0; i < 300; i++) {
            assertThat(((FaultRecord) delivered().get(i)).raw().get(1)).isEqualTo(i);
        }
    }

    @Test
    void onePassTakesWhatWasThereAtItsStartAndAnotherTaskGoesOn() {
        int[] storm = {500};
        host.faults.listener = () -> {
            if (storm[0]-- > 0) {
                smmu.pageRequest(REQUEST_LAST);
            }
        };
        smmu.pageRequest(REQUEST_LAST);

        host.interrupt(1);
        assertThat(delivered()).hasSize(1);

        assertThat(host.stepping.runTasks()).isEqualTo(1);
        assertThat(delivered()).hasSize(2);

        while (host.stepping.runTasks() > 0) {
            assertThat(delivered()).hasSizeLessThanOrEqualTo(501);
        }
        assertThat(delivered()).hasSize(501);
    }

    @Test
    void lostEventsAreSaidAndTheOverflowAcknowledged() {
        smmu.event(0x0000_1234_0000_0004L, 0, 0, 0);
        smmu.set(EVENTQ_PROD, smmu.get(EVENTQ_PROD) | OVERFLOW);

        host.interrupt(0);

        assertThat(delivered()).hasSize(2).last().isEqualTo("eventsLost");
        assertThat(smmu.get(EVENTQ_CONS)).isEqualTo(OVERFLOW | 1);

        host.interrupt(0);
        assertThat(delivered()).hasSize(2);

        smmu.set(EVENTQ_PROD, smmu.get(EVENTQ_PROD) & ~OVERFLOW);
        host.interrupt(0);
        assertThat(delivered()).hasSize(3);
        assertThat(smmu.get(EVENTQ_CONS)).isEqualTo(1);
    }

    @Test
    void anOverflowOfPageRequestsIsAcknowledgedOnAnEmptyQueueAndPartialGroupsAreDroppedBeforeMoreIsRead() {
        for (int i = 0; i < 128; i++) {
            smmu.pageRequest(REQUEST_LAST);
        }
        smmu.set(PRIQ_PROD, smmu.get(PRIQ_PROD) | OVERFLOW);
        smmu.trace.clear();
        host.faults.listener = () -> smmu.trace.add("delivered");

        host.interrupt(1);

        assertThat(delivered()).hasSize(129).last().isEqualTo("pageRequestsLost");
        // 128 requests; CONS = PROD, still overflowing; the acknowledgement; then the loss is told, which what was lost
        // up to
        // the acknowledgement belongs to.
        assertThat(smmu.trace.subList(128, smmu.trace.size()))
                .containsExactly("100cc=80", "100cc=80000080", "delivered");
        assertThat(smmu.get(PRIQ_CONS)).isEqualTo(smmu.get(PRIQ_PROD));
    }

    @Test
    void anOverflowThatLeftTheQueueEmptyIsAcknowledgedToo() {
        smmu.set(PRIQ_PROD, OVERFLOW);

        host.interrupt(1);

        assertThat(delivered()).containsExactly("pageRequestsLost");
        assertThat(smmu.get(PRIQ_CONS)).isEqualTo(OVERFLOW);
    }

    @Test
    void anOverflowDuringAPassIsNotLeftForAnInterruptThatNeverComes() {
        smmu.pageRequest(REQUEST_LAST);
        host.faults.listener = () -> smmu.set(PRIQ_PROD, smmu.get(PRIQ_PROD) | OVERFLOW);

        host.interrupt(1);
        host.faults.listener = () -> {};
        host.stepping.runTasks();

        assertThat(delivered()).hasSize(2).last().isEqualTo("pageRequestsLost");
    }

    @Test
    void drainDeliversWhatIsQueuedWithoutAnInterrupt() {
        fixture.driver.attachDevice(Fixture.function(SID));
        smmu.pageRequest(REQUEST_LAST);
        smmu.pageRequest(REQUEST_LAST);

        fixture.driver.drain(SID, PASID);

        assertThat(delivered()).hasSize(2);
        host.interrupt(1);
        assertThat(delivered()).hasSize(2);
    }

    @Test
    void drainOfAStallingDeviceDeliversItsEvents() {
        fixture.driver.attachDevice(Fixture.stalling(SID));
        smmu.event(STALLED_READ);

        fixture.driver.drain(SID, PASID);

        assertThat(delivered()).hasSize(1);
    }

    @Test
    void drainOfAFullQueueLooksAgainForStalledTransactionsThatWaitedForRoom() {
        fixture.driver.attachDevice(Fixture.stalling(SID));
        for (int i = 0; i < 128; i++) {
            smmu.event(STALLED_READ);
        }
        // Hardware writes the record that waited as soon as CONS has moved, which is after the pass.
        int[] left = {127};
        host.faults.listener = () -> {
            if (left[0]-- == 0) {
                smmu.event(STALLED_READ);
            }
        };

        fixture.driver.drain(SID, PASID);

        assertThat(delivered()).hasSize(129);
    }

    @Test
    void drainWaitsForAnotherConsumer() {
        fixture.driver.attachDevice(Fixture.function(SID));
        smmu.pageRequest(REQUEST_LAST);
        // The sink is asked to drain from within a delivery, which nobody does; but so it is known that a consumer is
        // at work.
        host.faults.listener = () -> assertThatThrownBy(() -> fixture.driver.drain(SID, PASID))
                .hasMessageContaining("another consumer of the priq");

        host.interrupt(1);

        assertThat(delivered()).hasSize(1);
    }

    @Test
    void anEntryThatCannotBeDeliveredDoesNotComeBack() {
        smmu.event(0x0000_1234_0000_0004L, 1, 0, 0);
        smmu.event(0x0000_1234_0000_0004L, 2, 0, 0);
        host.faults.listener = () -> {
            host.faults.listener = () -> {};
            throw new IllegalStateException("sink is broken");
        };

        assertThatThrownBy(() -> host.interrupt(0)).hasMessage("sink is broken");
        host.stepping.runTasks();

        assertThat(delivered())
                .extracting(fault -> ((FaultRecord) fault).raw().get(1))
                .containsExactly(1L, 2L);
    }

    @Test
    void aProducerIndexThatCannotBeIsHardwareThatIsGone() {
        smmu.set(EVENTQ_PROD, 0xffff_ffffL);

        assertThatThrownBy(() -> host.interrupt(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gone or broken");
        assertThat(delivered()).isEmpty();
    }
}
