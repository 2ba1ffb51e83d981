package dev.sva4j.vendor.vtd.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.api.FaultReason;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fault recording registers and the page request queue, with records that were not computed by this project. */
final class FaultsTest {
    private static final int SID = Fixture.SID;
    private static final int PASID = Fixture.PASID;
    private static final long ADDRESS = 0x7f12_3456_7000L;

    private final Fixture fixture = new Fixture();
    private final FakeHost host = fixture.host;
    private final ScriptedVtd vtd = fixture.vtd;

    private List<Object> afterFaultEvent() {
        host.interrupt(FakeHost.FAULT);
        return host.faults.delivered;
    }

    private List<Object> afterPageRequestEvent() {
        host.interrupt(FakeHost.PAGE_REQUEST);
        return host.faults.delivered;
    }

    // Fault records: V12.

    @ParameterizedTest
    @CsvSource({
        "c123457180003a00, SFS.2,  NOT_PRESENT,       READ",
        "8123458580003a00, SGN.6,  PERMISSION,        WRITE",
        "c123458590003a00, SGN.6,  PERMISSION,        WRITE",
        "8123455980003a00, SPT.2,  BAD_PASID_ENTRY,   WRITE",
        "8123454790003a00, SCT.8,  FORBIDDEN_REQUEST, READ",
        "c123455da0003a00, SPT.6,  PERMISSION,        READ",
        "d123454480003a00, SCT.5,  FORBIDDEN_REQUEST, READ",
        "c12345fe80003a00, fault 0xfe, OTHER,         READ",
    })
    void aRecordIsDecoded(String word1, String name, FaultReason reason, Access access) {
        fixture.start();
        long raw = Long.parseUnsignedLong(word1, 16);
        vtd.record(0, ADDRESS, raw);

        assertThat(afterFaultEvent())
                .containsExactly(
                        new FaultRecord("iommu0", SID, PASID, ADDRESS, access, reason, name, List.of(ADDRESS, raw)));
    }

    @Test
    void aRecordWithoutPasidIsOfUntaggedTraffic() {
        fixture.start();
        vtd.record(0, 0x1000, 0xc000_0041_0000_3a00L);

        assertThat((FaultRecord) afterFaultEvent().get(0)).satisfies(fault -> {
            assertThat(fault.pasid()).isEqualTo(Pasid.NONE);
            assertThat(fault.reason()).isEqualTo(FaultReason.BAD_DEVICE_ENTRY);
        });
    }

    @Test
    void recordsAreTakenFromTheFirstOnRoundTheCornerAndFreed() {
        fixture.start();
        vtd.record(7, 0x1000, 0xc123_4571_8000_3a00L);
        vtd.record(0, 0x2000, 0xc123_4571_8000_3a00L);
        vtd.setFirstRecord(7);

        assertThat(afterFaultEvent())
                .extracting(fault -> ((FaultRecord) fault).address())
                .containsExactly(0x1000L, 0x2000L);
        assertThat(vtd.read32(ScriptedVtd.FSTS) & 0xff).isZero();
        assertThat(afterFaultEvent()).hasSize(2);
    }

    @Test
    void anOverflowIsToldAfterTheRecordsThatThereAre() {
        fixture.start();
        vtd.record(0, 0x1000, 0xc123_4571_8000_3a00L);
        vtd.overflowRecords();

        assertThat(afterFaultEvent()).hasSize(2).last().isEqualTo("eventsLost");
        assertThat(vtd.read32(ScriptedVtd.FSTS) & 0xff).isZero();
    }

    @Test
    void aFaultThatIsRecordedWhileTheLastIsDeliveredIsNotLeftBehind() {
        fixture.start();
        vtd.record(0, 0x1000, 0xc123_4571_8000_3a00L);
        host.faults.listener = () -> {
            host.faults.listener = () -> {};
            // Behind the index that the pass looks at: no event comes for it, as PPF never was 0.
            vtd.record(5, 0x2000, 0xc123_4571_8000_3a00L);
            vtd.setFirstRecord(5);
        };

        afterFaultEvent();
        host.stepping.runTasks();

        assertThat(host.faults.delivered).hasSize(2);
    }

    // Page requests: V10.

    @Test
    void pageRequestsAreDecodedInOrder() {
        fixture.start();
        vtd.pageRequest(0x0001_2345_3a00_0101L, 0x0000_7f12_3456_8029L);
        vtd.pageRequest(0x0001_2345_3a00_0101L, 0x0000_7f12_3456_702fL);

        assertThat(afterPageRequestEvent())
                .containsExactly(
                        request(PASID, ADDRESS + 0x1000, true, false, 5, false),
                        request(PASID, ADDRESS, true, true, 5, true));
        assertThat(vtd.get(ScriptedVtd.PQH)).isEqualTo(64);
        assertThat(vtd.get(ScriptedVtd.PRS)).isZero();
    }

    @Test
    void anUntaggedPageRequestHasNoPasid() {
        fixture.start();
        vtd.pageRequest(0x0000_0000_3a00_0001L, 0x1ffdL);

        assertThat(afterPageRequestEvent()).containsExactly(request(Pasid.NONE, 0x1000, true, false, 0x1ff, true));
    }

    @Test
    void executeAndPrivilegedAreForCoreToJudge() {
        fixture.start();
        vtd.pageRequest(0x0031_2345_3a00_0101L, 0x0000_7f12_3456_702dL);

        assertThat((PageRequest) afterPageRequestEvent().get(0)).satisfies(request -> {
            assertThat(request.execute()).isTrue();
            assertThat(request.privileged()).isTrue();
        });
    }

    @Test
    void aStopMarkerIsDelivered() {
        fixture.start();
        vtd.pageRequest(0x0001_2345_3a00_0101L, 0x4);

        assertThat((PageRequest) afterPageRequestEvent().get(0))
                .satisfies(request -> assertThat(request.isStopMarker()).isTrue());
    }

    @Test
    void aRequestThatArrivesDuringThePassInterruptsAgain() {
        fixture.start();
        vtd.pageRequest(0x0001_2345_3a00_0101L, 0x0000_7f12_3456_702fL);
        host.faults.listener = () -> {
            host.faults.listener = () -> {};
            vtd.pageRequest(0x0001_2345_3a00_0101L, 0x0000_7f12_3456_8029L);
        };

        afterPageRequestEvent();

        assertThat(vtd.get(ScriptedVtd.PRS)).as("PPR of the second").isEqualTo(1);
    }

    @Test
    void theQueueWraps() {
        fixture.start();
        for (int i = 0; i < 300; i++) {
            vtd.pageRequest(0x0001_2345_3a00_0101L, 0x0000_7f12_3456_702fL);
            afterPageRequestEvent();
        }

        assertThat(host.faults.delivered).hasSize(300);
    }

    @Test
    void anOverflowIsAcknowledgedWhenTheQueueIsEmpty() {
        fixture.start();
        vtd.pageRequest(0x0001_2345_3a00_0101L, 0x0000_7f12_3456_702fL);
        vtd.set(ScriptedVtd.PRS, 3);

        assertThat(afterPageRequestEvent()).hasSize(2).last().isEqualTo("pageRequestsLost");
        assertThat(vtd.get(ScriptedVtd.PRS)).isZero();
    }

    @Test
    void anOverflowStaysWhileRequestsAreLeft() {
        fixture.start();
        vtd.pageRequest(0x0001_2345_3a00_0101L, 0x0000_7f12_3456_702fL);
        host.faults.listener = () -> {
            host.faults.listener = () -> {};
            // Fills up while the pass goes on: its end is behind what PQT was.
            vtd.pageRequest(0x0001_2345_3a00_0101L, 0x0000_7f12_3456_8029L);
            vtd.set(ScriptedVtd.PRS, 3);
        };

        afterPageRequestEvent();
        assertThat(host.faults.delivered).doesNotContain("pageRequestsLost");
        assertThat(vtd.get(ScriptedVtd.PRS) & 2).isEqualTo(2);
        host.stepping.runTasks();

        assertThat(host.faults.delivered).hasSize(3).last().isEqualTo("pageRequestsLost");
        assertThat(vtd.get(ScriptedVtd.PRS)).isZero();
    }

    // Drain.

    @Test
    void aDrainDeliversWhatComesOutOfTheDeviceMeanwhile() {
        fixture.bound();
        fixture.driver.clearPasid(SID, PASID);
        vtd.pageRequest(0x0001_2345_3a00_0101L, 0x0000_7f12_3456_8029L);
        vtd.verdict = descriptor -> {
            if (descriptor.type() == 8) {
                vtd.pageRequest(0x0001_2345_3a00_0101L, 0x0000_7f12_3456_702fL);
            }
            return 0;
        };

        fixture.driver.drain(SID, PASID);

        assertThat(host.faults.delivered).hasSize(2);
    }

    @Test
    void aDrainIsRepeatedWhenTheQueueOverflowsMeanwhile() {
        fixture.bound();
        fixture.driver.clearPasid(SID, PASID);
        vtd.takeAll();
        boolean[] done = new boolean[1];
        vtd.verdict = descriptor -> {
            if (descriptor.type() == 8 && !done[0]) {
                done[0] = true;
                vtd.set(ScriptedVtd.PRS, 2);
            }
            return 0;
        };

        fixture.driver.drain(SID, PASID);

        assertThat(vtd.takeAll().stream().filter(each -> each.equals("wait+pd")))
                .hasSize(2);
    }

    private static PageRequest request(int pasid, long address, boolean read, boolean write, int group, boolean last) {
        return new PageRequest(SID, pasid, address, read, write, false, false, group, last, PageRequest.Kind.PRI);
    }
}
