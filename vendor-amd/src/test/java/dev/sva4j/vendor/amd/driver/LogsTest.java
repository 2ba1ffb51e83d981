package dev.sva4j.vendor.amd.driver;

import static dev.sva4j.vendor.amd.driver.Fixture.DEVICE;
import static dev.sva4j.vendor.amd.driver.Fixture.PASID;
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

/** The event log and the PPR log, with entries that were not computed by this project (AMD-Vi 2.5, 2.6). */
final class LogsTest {
    private static final long FAULT = 0x2025_2345_0001_0300L;
    private static final long REQUEST = 0x1164_0605_2345_0300L;

    private final Fixture fixture = new Fixture().start();
    private final FakeHost host = fixture.host;
    private final ScriptedAmd amd = fixture.amd;

    private List<Object> afterInterrupt() {
        host.interrupt(FakeHost.LINE);
        return host.faults.delivered;
    }

    @ParameterizedTest
    @CsvSource({
        "2025234500010300, 7f1234567abc, 300, 12345, IO_PAGE_FAULT,           NOT_PRESENT,       WRITE",
        "2075234500010300, 7f1234568abc, 300, 12345, IO_PAGE_FAULT,           PERMISSION,        WRITE",
        "2005234600010300, 7f1234567abc, 300, 12346, IO_PAGE_FAULT,           NOT_PRESENT,       READ",
        "2000004200000300, 8001234000,   300, ,      IO_PAGE_FAULT,           NOT_PRESENT,       READ",
        "2070004200000308, 8012346678,   308, ,      IO_PAGE_FAULT,           PERMISSION,        WRITE",
        "2010004200000308, 10052345678,  308, ,      IO_PAGE_FAULT,           OTHER,             READ",
        "2090004200000300, 8001234000,   300, ,      IO_PAGE_FAULT,           OTHER,             READ",
        "10a0000000000300, 1000,         300, ,      ILLEGAL_DEV_TABLE_ENTRY, BAD_DEVICE_ENTRY,  WRITE",
        "3400000000000300, 80006000,     300, ,      DEV_TAB_HARDWARE_ERROR,  BAD_DEVICE_ENTRY,  READ",
        "4421234500010300, 80007008,     300, 12345, PAGE_TAB_HARDWARE_ERROR, WALK_ABORT,        WRITE",
        "8100000000000300, 7f1234567000, 300, ,      INVALID_DEVICE_REQUEST,  FORBIDDEN_REQUEST, READ",
        "9000060523450300, 7f1234567000, 300, 12345, INVALID_PPR_REQUEST,     FORBIDDEN_REQUEST, READ",
    })
    void anEventIsAFault(
            String word0, String word1, String device, String pasid, String name, FaultReason reason, Access access) {
        long raw = Long.parseUnsignedLong(word0, 16);
        long address = Long.parseLong(word1, 16);
        amd.event(raw, address);

        assertThat(afterInterrupt())
                .containsExactly(new FaultRecord(
                        "iommu0",
                        Integer.parseInt(device, 16),
                        pasid == null ? Pasid.NONE : Integer.parseInt(pasid, 16),
                        address,
                        access,
                        reason,
                        name,
                        List.of(raw, address)));
    }

    @ParameterizedTest
    @CsvSource({"5000000000000000, 100040", "6400000000000000, 100040", "7000000000000300, 100080"})
    void whatIsWrongWithACommandIsNoFaultOfADevice(String word0, String word1) {
        amd.event(Long.parseUnsignedLong(word0, 16), Long.parseLong(word1, 16));

        assertThat(afterInterrupt()).isEmpty();
        assertThat(amd.get(ScriptedAmd.EVT_HEAD)).isEqualTo(16);
    }

    @Test
    void pageRequestsAreDecodedInOrder() {
        amd.pageRequest(0x1144_0405_2345_0300L, 0x7f12_3456_8000L);
        amd.pageRequest(REQUEST, 0x7f12_3456_7000L);
        amd.pageRequest(0x1044_0207_0000_0300L, 0x9000);
        amd.pageRequest(0x1106_29ff_bcde_0300L, 0xffff_8000_0012_3000L);

        assertThat(afterInterrupt())
                .containsExactly(
                        request(PASID, 0x7f12_3456_8000L, false, false, false, 5, false),
                        request(PASID, 0x7f12_3456_7000L, true, false, false, 5, true),
                        request(Pasid.NONE, 0x9000, false, false, false, 7, true),
                        request(0xabcde, 0xffff_8000_0012_3000L, false, true, true, 0x1ff, false));
        assertThat(amd.get(ScriptedAmd.PPR_HEAD)).isEqualTo(64);
    }

    private static PageRequest request(
            int pasid, long address, boolean write, boolean execute, boolean privileged, int group, boolean last) {
        return new PageRequest(
                DEVICE, pasid, address, true, write, execute, privileged, group, last, PageRequest.Kind.PRI);
    }

    @Test
    void anEntryIsEmptiedWhenItIsTaken() {
        long log = amd.get(ScriptedAmd.EVTLOG) & 0xf_ffff_ffff_f000L;
        amd.event(FAULT, 0x1000);

        afterInterrupt();

        assertThat(host.memory.words(log, 2)).containsOnly(0);
    }

    @Test
    void theFlagIsClearedBeforeTheLogIsRead() {
        amd.event(FAULT, 0x1000);
        amd.trace.clear();

        afterInterrupt();

        assertThat(amd.trace).containsExactly("2020=2", "2010=10");
    }

    @Test
    void theLogWraps() {
        for (int i = 0; i < 600; i++) {
            amd.event(FAULT, 0x1000);
            afterInterrupt();
        }

        assertThat(host.faults.delivered).hasSize(600);
    }

    @Test
    void anEventThatComesMeanwhileIsNotLeftBehind() {
        amd.event(FAULT, 0x1000);
        host.faults.listener = () -> {
            host.faults.listener = () -> {};
            amd.event(FAULT, 0x2000);
        };

        assertThat(afterInterrupt()).hasSize(2);
    }

    @Test
    void lostEventsAreToldAfterThoseInTheLog() {
        amd.event(FAULT, 0x1000);
        amd.overflowEvents();

        assertThat(afterInterrupt()).hasSize(2).last().isEqualTo("eventsLost");
    }

    @Test
    void theEventLogIsSwitchedOffBeforeTheOverflowIsClearedAndOnAfterIt() {
        amd.event(FAULT, 0x1000);
        amd.overflowEvents();
        amd.trace.clear();

        afterInterrupt();

        assertThat(amd.trace)
                .containsExactly(
                        "2020=2", "2010=10", "18=20000001f421", "2020=1", "18=20000001f429", "18=20000001f42d");
        assertThat(amd.read64(ScriptedAmd.STATUS)).isEqualTo(0x98);
    }

    @Test
    void lostPageRequestsAreToldAfterThoseInTheLogWhichStartsAgain() {
        amd.pageRequest(REQUEST, 0x7f12_3456_7000L);
        amd.overflowPageRequests();
        amd.trace.clear();

        assertThat(afterInterrupt()).hasSize(2).last().isEqualTo("pageRequestsLost");
        assertThat(amd.trace)
                .containsExactly(
                        "2020=40", "2030=10", "18=20000001942d", "2020=20", "18=20000001d42d", "18=20000001f42d");
    }

    @Test
    void aDrainDeliversWhatIsInBothLogs() {
        fixture.driver.attachDevice(Fixture.function(DEVICE));
        amd.event(FAULT, 0x1000);
        amd.pageRequest(REQUEST, 0x7f12_3456_7000L);

        fixture.driver.drain(DEVICE, PASID);

        assertThat(host.faults.delivered).hasSize(2);
        assertThat(amd.get(ScriptedAmd.EVT_HEAD)).isEqualTo(16);
        assertThat(amd.get(ScriptedAmd.PPR_HEAD)).isEqualTo(16);
    }
}
