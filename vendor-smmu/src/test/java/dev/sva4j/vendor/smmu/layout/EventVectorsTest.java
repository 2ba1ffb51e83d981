package dev.sva4j.vendor.smmu.layout;

import static dev.sva4j.vendor.smmu.layout.EventId.C_BAD_CD;
import static dev.sva4j.vendor.smmu.layout.EventId.C_BAD_STE;
import static dev.sva4j.vendor.smmu.layout.EventId.C_BAD_STREAMID;
import static dev.sva4j.vendor.smmu.layout.EventId.C_BAD_SUBSTREAMID;
import static dev.sva4j.vendor.smmu.layout.EventId.F_ACCESS;
import static dev.sva4j.vendor.smmu.layout.EventId.F_ADDR_SIZE;
import static dev.sva4j.vendor.smmu.layout.EventId.F_BAD_ATS_TREQ;
import static dev.sva4j.vendor.smmu.layout.EventId.F_CD_FETCH;
import static dev.sva4j.vendor.smmu.layout.EventId.F_PERMISSION;
import static dev.sva4j.vendor.smmu.layout.EventId.F_STE_FETCH;
import static dev.sva4j.vendor.smmu.layout.EventId.F_STREAM_DISABLED;
import static dev.sva4j.vendor.smmu.layout.EventId.F_TRANSLATION;
import static dev.sva4j.vendor.smmu.layout.EventId.F_TRANSL_FORBIDDEN;
import static dev.sva4j.vendor.smmu.layout.EventId.F_WALK_EABT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.layout.FieldValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Event records and page requests of the sheet's §12.7. */
class EventVectorsTest {

    private static final long SID = 0x1234;
    private static final int SSID = 0xC05;

    @Test
    void aStalledReadNamesItsTag() {
        fault(F_TRANSLATION, 0x7F12_3456_8010L)
                .with("RnW", 1)
                .with("Stall", 1)
                .with("STAG", 0x55)
                .is(0x0000_1234_00c0_5810L, 0x0000_0208_8000_0055L, 0x0000_7f12_3456_8010L);
    }

    @Test
    void anEventIsStoredLittleEndian() {
        ByteBuffer memory = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : fault(F_TRANSLATION, 0x7F12_3456_8010L)
                .with("RnW", 1)
                .with("Stall", 1)
                .with("STAG", 0x55)
                .encode()) {
            memory.putLong(word);
        }
        assertThat(HexFormat.ofDelimiter(" ").formatHex(memory.array()))
                .startsWith("10 58 c0 00 34 12 00 00 55 00 00 80 08 02 00 00 10 80 56 34 12 7f 00 00");
    }

    @Test
    void aTerminatedWriteHasNeitherStallNorTag() {
        fault(F_TRANSLATION, 0x7F12_3456_8010L)
                .is(0x0000_1234_00c0_5810L, 0x0000_0200_0000_0000L, 0x0000_7f12_3456_8010L);
    }

    @Test
    void aDeniedWriteIsAPermissionFault() {
        fault(F_PERMISSION, 0x7F12_8000_0010L)
                .with("Stall", 1)
                .with("STAG", 0x56)
                .is(0x0000_1234_00c0_5813L, 0x0000_0200_8000_0056L, 0x0000_7f12_8000_0010L);
    }

    @Test
    void addressSizeAndAccessFaultsHaveTheSameShape() {
        fault(F_ADDR_SIZE, 0x7F12_3456_989AL)
                .with("RnW", 1)
                .is(0x0000_1234_00c0_5811L, 0x0000_0208_0000_0000L, 0x0000_7f12_3456_989aL);
        fault(F_ACCESS, 0x7F12_3456_A89AL)
                .with("RnW", 1)
                .is(0x0000_1234_00c0_5812L, 0x0000_0208_0000_0000L, 0x0000_7f12_3456_a89aL);
    }

    @Test
    void aStage2FaultOfATableWalkNamesTheIpaOfTheDescriptor() {
        fault(F_TRANSLATION, 0x7F12_3456_789AL)
                .with("RnW", 1)
                .with("S2", 1)
                .with("CLASS", EventRecord.CLASS_TT)
                .with("IPA", 0x8123_6000L)
                .is(0x0000_1234_00c0_5810L, 0x0000_0188_0000_0000L, 0x0000_7f12_3456_789aL, 0x8123_6000L);
    }

    @Test
    void anAbortedDescriptorReadNamesItsAddress() {
        withPasid(F_WALK_EABT)
                .with("RnW", 1)
                .with("CLASS", EventRecord.CLASS_TT)
                .with("InputAddr", 0x7F12_3456_789AL)
                .with("FetchAddr", 0x8123_6D10L)
                .is(0x0000_1234_00c0_580bL, 0x0000_0108_0000_0000L, 0x0000_7f12_3456_789aL, 0x8123_6d10L);
    }

    @Test
    void anUnknownStreamIsNamedInAll32Bits() {
        Vector.of(C_BAD_STREAMID).with("StreamID", 0x10001).is(0x0001_0001_0000_0002L);
    }

    @Test
    void anAbortedConfigurationReadNamesItsAddress() {
        Vector.of(F_STE_FETCH)
                .with("StreamID", SID)
                .with("FetchAddr", 0x8030_0D00L)
                .is(0x0000_1234_0000_0003L, 0, 0, 0x8030_0d00L);
        withPasid(F_CD_FETCH).with("FetchAddr", 0x8051_0140L).is(0x0000_1234_00c0_5809L, 0, 0, 0x8051_0140L);
    }

    @Test
    void aConfigurationErrorIsItsFirstWord() {
        Vector.of(C_BAD_STE).with("StreamID", SID).is(0x0000_1234_0000_0004L);
        withPasid(C_BAD_CD).is(0x0000_1234_00c0_580aL);
        Vector.of(C_BAD_SUBSTREAMID)
                .with("SubstreamID", SSID)
                .with("StreamID", SID)
                .is(0x0000_1234_00c0_5008L);
        Vector.of(F_STREAM_DISABLED).with("StreamID", SID).is(0x0000_1234_0000_0006L);
    }

    @Test
    void aForbiddenTranslatedTransactionHasNoPasid() {
        Vector.of(F_TRANSL_FORBIDDEN)
                .with("StreamID", SID)
                .with("InputAddr", 0x8ABC_D000L)
                .is(0x0000_1234_0000_0007L, 0, 0x8abc_d000L);
    }

    @Test
    void aRefusedTranslationRequestSaysWhatWasAskedFor() {
        withPasid(F_BAD_ATS_TREQ)
                .with("R", 1)
                .with("W", 1)
                .with("Span", 1)
                .with("InputAddr", 0x7F12_3456_7000L)
                .is(0x0000_1234_00c0_5805L, 0xc000_0001L, 0x0000_7f12_3456_7000L);
    }

    @Test
    void theFirstWordLeavesOutWhatTheEventHasNoFieldFor() {
        assertThat(F_TRANSLATION.word0(true, SSID, SID)).isEqualTo(0x0000_1234_00c0_5810L);
        assertThat(F_TRANSLATION.word0(false, SSID, SID)).isEqualTo(0x0000_1234_0000_0010L);
        assertThat(C_BAD_SUBSTREAMID.word0(true, SSID, SID)).isEqualTo(0x0000_1234_00c0_5008L);
        assertThat(F_STREAM_DISABLED.word0(true, SSID, SID)).isEqualTo(0x0000_1234_0000_0006L);
        assertThat(F_TRANSL_FORBIDDEN.word0(true, SSID, SID)).isEqualTo(0x0000_1234_0000_0007L);
        assertThat(C_BAD_STREAMID.word0(false, 0, 0xffff_ffffL)).isEqualTo(0xffff_ffff_0000_0002L);
    }

    @Test
    void onlyTheFourTranslationFaultsCanStall() {
        assertThat(Stream.of(EventId.values()).filter(EventId::isTranslationFault))
                .containsExactly(F_TRANSLATION, F_ADDR_SIZE, F_ACCESS, F_PERMISSION);
    }

    @Test
    void anUnknownNumberIsNoEvent() {
        for (EventId event : EventId.values()) {
            assertThat(EventId.of(event.word0(true, SSID, SID))).isEqualTo(event);
        }
        assertThat(EventId.of(0)).isNull();
        assertThat(EventId.of(0xe0)).isNull();
    }

    @Test
    void anEventPrintsWithTheManualsNames() {
        assertThat(F_TRANSLATION
                        .layout()
                        .describe(0x0000_1234_00c0_5810L, 0x0000_0208_8000_0055L, 0x0000_7f12_3456_8010L, 0))
                .extracting(FieldValue::toString)
                .containsExactly(
                        "EventNumber = 0x10",
                        "SSV = 1",
                        "SubstreamID = 0xc05",
                        "StreamID = 0x1234",
                        "STAG = 0x55",
                        "Stall = 1",
                        "PnU = 0",
                        "InD = 0",
                        "RnW = 1",
                        "NSIPA = 0",
                        "S2 = 0",
                        "CLASS = 2 (input address)",
                        "InputAddr = 0x7f1234568010",
                        "IPA = 0x0");
    }

    @Test
    void aPageRequestNamesPageRightsAndGroup() {
        long word0 = 0xf000_0c05_0000_1234L;
        request()
                .with("R", 1)
                .with("W", 1)
                .with("PRGIndex", 0x1A)
                .with("PageAddr", 0x7F12_3456_7000L)
                .is(word0, 0x0000_7f12_3456_701aL);
        assertThat(PriQueueEntry.isStopMarker(word0)).isFalse();
    }

    @Test
    void aStopMarkerAsksForNothing() {
        request().is(0xc000_0c05_0000_1234L);
        assertThat(PriQueueEntry.isStopMarker(0xc000_0c05_0000_1234L)).isTrue();
        assertThat(PriQueueEntry.isStopMarker(0x4000_0000_0000_1234L))
                .as("without a PASID")
                .isFalse();
        assertThat(PriQueueEntry.isStopMarker(0x8000_0c05_0000_1234L))
                .as("not the last")
                .isFalse();
    }

    private static Vector request() {
        return Vector.of(PriQueueEntry.LAYOUT)
                .with("StreamID", SID)
                .with("SubstreamID", SSID)
                .with("Last", 1)
                .with("SSV", 1);
    }

    private static Vector withPasid(EventId event) {
        return Vector.of(event).with("SSV", 1).with("SubstreamID", SSID).with("StreamID", SID);
    }

    private static Vector fault(EventId event, long address) {
        return withPasid(event).with("CLASS", EventRecord.CLASS_IN).with("InputAddr", address);
    }
}
