package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.vendor.amd.layout.Decoded.says;
import static dev.sva4j.vendor.amd.layout.Decoded.words;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors 12.5 E1 to E15. */
class EventVectorsTest {

    private static void event(EventCode code, long word0, long word1, String... fields) {
        assertThat(EventCode.of(word0)).isEqualTo(code);
        says(code.layout(word0), words(word0, word1), fields);
    }

    @Test
    void e1IsAUserWriteOfAPageThatIsNotPresent() {
        long[] entry = Decoded.bytes("00 03 01 00 45 23 25 20 bc 7a 56 34 12 7f 00 00");
        event(
                EventCode.IO_PAGE_FAULT,
                entry[0],
                entry[1],
                "DeviceID = 0x300",
                "PASID = 0x12345",
                "GN = 1",
                "US = 1",
                "RW = 1",
                "EventCode = 2",
                "Address = 0x7f1234567abc");
    }

    @Test
    void e1IsEncodedFromItsFields() {
        long word0 = EventCode.IO_PAGE_FAULT.word0()
                | EventLogEntry.DEVICE_ID.encode(0x300)
                | EventLogEntry.GN.encode(true)
                | EventLogEntry.US.encode(true)
                | EventLogEntry.RW.encode(true);
        assertThat(EventLogEntry.PASID.put(0, word0, 0x12345)).isEqualTo(0x2025_2345_0001_0300L);
    }

    @Test
    void e2IsAUserWriteOfAReadOnlyPage() {
        event(
                EventCode.IO_PAGE_FAULT,
                0x2075_2345_0001_0300L,
                0x7f12_3456_8abcL,
                "DeviceID = 0x300",
                "PASID = 0x12345",
                "GN = 1",
                "US = 1",
                "PR = 1",
                "RW = 1",
                "PE = 1",
                "EventCode = 2",
                "Address = 0x7f1234568abc");
    }

    @Test
    void e3IsAReadWithAPasidThatIsNotValid() {
        event(
                EventCode.IO_PAGE_FAULT,
                0x2005_2346_0001_0300L,
                0x7f12_3456_7abcL,
                "DeviceID = 0x300",
                "PASID = 0x12346",
                "GN = 1",
                "US = 1",
                "EventCode = 2",
                "Address = 0x7f1234567abc");
    }

    @Test
    void e4HasADomainInPlaceOfThePasid() {
        event(
                EventCode.IO_PAGE_FAULT,
                0x2000_0042_0000_0300L,
                0x80_0123_4000L,
                "DeviceID = 0x300",
                "DomainID = 0x42",
                "EventCode = 2",
                "Address = 0x8001234000");
    }

    @ParameterizedTest
    @CsvSource({
        "E1, 2025234500010300, 25",
        "E2, 2075234500010300, 75",
        "E3, 2005234600010300, 5",
        "E4, 2000004200000300, 0",
        "E5, 2070004200000308, 70",
        "E6, 2010004200000308, 10",
        "E7, 2090004200000300, 90",
    })
    void theFlagsAreLinuxsNumber(String vector, String word0, String flags) {
        assertThat(EventLogEntry.FLAGS.get(Long.parseLong(word0, 16)))
                .as(vector)
                .isEqualTo(Long.parseLong(flags, 16));
    }

    @Test
    void e5ToE7TellWhyAPresentEntryDoesNotDo() {
        event(
                EventCode.IO_PAGE_FAULT,
                0x2070_0042_0000_0308L,
                0x80_1234_6678L,
                "DeviceID = 0x308",
                "DomainID = 0x42",
                "PR = 1",
                "RW = 1",
                "PE = 1",
                "EventCode = 2",
                "Address = 0x8012346678");
        event(
                EventCode.IO_PAGE_FAULT,
                0x2010_0042_0000_0308L,
                0x100_5234_5678L,
                "DeviceID = 0x308",
                "DomainID = 0x42",
                "PR = 1",
                "EventCode = 2",
                "Address = 0x10052345678");
        event(
                EventCode.IO_PAGE_FAULT,
                0x2090_0042_0000_0300L,
                0x80_0123_4000L,
                "DeviceID = 0x300",
                "DomainID = 0x42",
                "PR = 1",
                "RZ = 1",
                "EventCode = 2",
                "Address = 0x8001234000");
    }

    @Test
    void e8IsAnIllegalDeviceTableEntry() {
        event(
                EventCode.ILLEGAL_DEV_TABLE_ENTRY,
                0x10a0_0000_0000_0300L,
                0x1000,
                "DeviceID = 0x300",
                "RW = 1",
                "RZ = 1",
                "EventCode = 1",
                "Address = 0x1000");
    }

    @Test
    void e9IsADeviceTableThatCannotBeRead() {
        event(
                EventCode.DEV_TAB_HARDWARE_ERROR,
                0x3400_0000_0000_0300L,
                0x8000_6000L,
                "DeviceID = 0x300",
                "Type = 2 (target abort)",
                "EventCode = 3",
                "Address = 0x80006000");
    }

    @Test
    void e10IsAPageTableThatCannotBeRead() {
        event(
                EventCode.PAGE_TAB_HARDWARE_ERROR,
                0x4421_2345_0001_0300L,
                0x8000_7008L,
                "DeviceID = 0x300",
                "PASID = 0x12345",
                "GN = 1",
                "RW = 1",
                "Type = 2 (target abort)",
                "EventCode = 4",
                "Address = 0x80007008");
    }

    @Test
    void aPageTableErrorWithoutPasidHasADomain() {
        assertThat(EventCode.PAGE_TAB_HARDWARE_ERROR.layout(0x4420_0042_0000_0300L))
                .matches(layout -> layout.has("DomainID") && !layout.has("PASID"));
    }

    @Test
    void e11ToE13NameACommandByItsAddress() {
        event(
                EventCode.ILLEGAL_COMMAND_ERROR,
                0x5000_0000_0000_0000L,
                0x10_0040,
                "EventCode = 5",
                "Address = 0x100040");
        event(
                EventCode.COMMAND_HARDWARE_ERROR,
                0x6400_0000_0000_0000L,
                0x10_0040,
                "Type = 2 (target abort)",
                "EventCode = 6",
                "Address = 0x100040");
        event(
                EventCode.IOTLB_INV_TIMEOUT,
                0x7000_0000_0000_0300L,
                0x10_0080,
                "DeviceID = 0x300",
                "EventCode = 7",
                "Address = 0x100080");
    }

    @Test
    void e14IsATranslationRequestOfADeviceThatMayNot() {
        event(
                EventCode.INVALID_DEVICE_REQUEST,
                0x8100_0000_0000_0300L,
                0x7f12_3456_7000L,
                "DeviceID = 0x300",
                "TR = 1",
                "EventCode = 8",
                "Address = 0x7f1234567000");
        assertThat(EventLogEntry.REQUEST_TYPE.get(0x8100_0000_0000_0300L))
                .isEqualTo(EventLogEntry.TRANSLATION_REQUEST_NOT_ALLOWED);
    }

    @Test
    void e15LooksLikeAPageRequest() {
        event(
                EventCode.INVALID_PPR_REQUEST,
                0x9000_0605_2345_0300L,
                0x7f12_3456_7000L,
                "DeviceID = 0x300",
                "PASID = 0x12345",
                "PPRTag = 0x205",
                "EventCode = 9",
                "Address = 0x7f1234567000");
        assertThat(PprLogEntry.PASID.from(0, 0x9000_0605_2345_0300L)).isEqualTo(0x12345);
        assertThat(PprLogEntry.PRG_INDEX.get(0x9000_0605_2345_0300L)).isEqualTo(5);
        assertThat(PprLogEntry.LAST.isSet(0x9000_0605_2345_0300L)).isTrue();
    }

    /** By the fields of Linux's decoder and FreeBSD's table: no vector has them. */
    @Test
    void eventsThatOneSourceKnows() {
        event(
                EventCode.EVENT_COUNTER_ZERO,
                0xa000_0000_0000_0000L,
                0x1234_5678_0009_abcdL,
                "EventCode = 0xa",
                "CounterNote = 0x9abcd12345678");
        event(
                EventCode.RMP_PAGE_FAULT,
                0xd021_0042_0003_0300L,
                0x1234_5678L,
                "DeviceID = 0x300",
                "flagsRMP = 3",
                "VmgTag = 0x42",
                "flags = 0x21",
                "EventCode = 0xd",
                "Address = 0x12345678");
    }

    @ParameterizedTest
    @CsvSource({"0, false", "F, false", "B, true", "C, true", "E, true"})
    void codesThatAreKnown(String code, boolean known) {
        assertThat(EventCode.of(Long.parseLong(code, 16) << 60) != null).isEqualTo(known);
    }

    /** Xen prints exactly these bits, 48 to 56. */
    @Test
    void theFlagsLieSideBySide() {
        assertThat(EventLogEntry.GN.lo()).isEqualTo(48);
        assertThat(EventLogEntry.NX.lo()).isEqualTo(49);
        assertThat(EventLogEntry.US.lo()).isEqualTo(50);
        assertThat(EventLogEntry.I.lo()).isEqualTo(51);
        assertThat(EventLogEntry.PR.lo()).isEqualTo(52);
        assertThat(EventLogEntry.RW.lo()).isEqualTo(53);
        assertThat(EventLogEntry.PE.lo()).isEqualTo(54);
        assertThat(EventLogEntry.RZ.lo()).isEqualTo(55);
        assertThat(EventLogEntry.TR.lo()).isEqualTo(56);
    }
}
