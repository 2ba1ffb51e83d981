package dev.sva4j.vendor.amd.inspect;

import static dev.sva4j.spi.Pasid.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.IommuInspector.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entries of vectors 12.2 and what becomes of them. */
class EntriesTest {
    private static final int DEVICE = 0x300;

    private static Entry other(int device, int pasid, String kind) {
        return new Entry(device, pasid, kind, "", 0);
    }

    @Test
    void blockingEntriesAreNotListed() {
        assertThat(new Image().open().entries()).isEmpty();
    }

    @Test
    void d3TranslatesByHostTables() {
        assertThat(new Image().device(DEVICE, Image.D3).open().entries())
                .containsExactly(new Entry(DEVICE, NONE, "translated", "amd-v1", 0x12_3456_7000L));
    }

    @Test
    void d6PassesThrough() {
        assertThat(new Image()
                        .device(DEVICE, 0x6000_0000_0000_0003L, 5, 0)
                        .open()
                        .entries())
                .containsExactly(other(DEVICE, NONE, "passthrough"));
    }

    @Test
    void requestsPassThroughAnInvalidEntry() {
        assertThat(new Image().device(DEVICE, 0, 0, 0).open().entries())
                .containsExactly(other(DEVICE, NONE, "passthrough"));
    }

    @Test
    void whatMayNeitherReadNorWriteIsBlocked() {
        assertThat(new Image()
                        .device(DEVICE, 0x0000_0012_3456_7803L, 0x42, 0)
                        .open()
                        .entries())
                .isEmpty();
    }

    @Test
    void d7HasAPasidAndPassesWithoutOne() {
        assertThat(new Image().device(DEVICE, Image.D7).guestTables().open().entries())
                .containsExactly(
                        other(DEVICE, NONE, "passthrough"),
                        new Entry(DEVICE, 0x12345, "translated", "amd-v2", 0x1_0842_3000L));
    }

    @Test
    void requestsWithoutPasidAreListedUnderThePasidThatTheyHave() {
        Image image = new Image().device(DEVICE, 0x64c0_0000_0000_0003L, 0x0000_1001_1084_0007L, 0);
        image.memory.put(0x1_0842_1000L, 0x1_0842_3001L);
        assertThat(image.open().entries())
                .containsExactly(new Entry(DEVICE, 0, "translated", "amd-v2", 0x1_0842_3000L));
    }

    @Test
    void aGcr3TableOfThreeLevelsReachesAllPasids() {
        // GLX = 2, at 0x200000000.
        Image image = new Image().device(DEVICE, 0x6280_0000_0000_0003L, 0x0000_2001_0000_0007L, 0);
        image.memory
                .put(0x2_0000_0010L, 0x2_0000_1001L)
                .put(0x2_0000_1af0L, 0x2_0000_2001L)
                .put(0x2_0000_26f0L, 0x1_0842_3001L);
        assertThat(image.open().entries()).contains(new Entry(DEVICE, 0xabcde, "translated", "amd-v2", 0x1_0842_3000L));
    }

    @Test
    void aTableWithoutTheEntryOfPasid0SaysSo() {
        Image image = new Image().device(DEVICE, 0x64c0_0000_0000_0003L, 0x0000_1001_1084_0007L, 0);
        image.memory.back(0x1_0842_1000L, 0x1000);
        assertThat(image.open().entries()).containsExactly(other(DEVICE, NONE, "no-pasid-entry"));
    }

    @Test
    void aGcr3TableOutsideTheImageMayTranslate() {
        Image image = new Image().device(DEVICE, Image.D7);
        assertThat(image.open().entries())
                .containsExactly(other(DEVICE, NONE, "passthrough"), new Entry(DEVICE, 0, "translated", "amd-v2", 0));
    }

    @Test
    void d9NestsAndItsPointersGoThroughTheHost() {
        Image image = new Image().device(DEVICE, 0x6190_0012_3456_7803L, 0x0000_4001_0000_0043L, 0);
        image.hostTables();
        // GLX = 1: the upper table is system physical, the lower one is at a guest physical address.
        image.memory.put(0x4_0000_0000L, 0x80_1234_5001L).put(0xabcd_e018L, 0x7777_7001L);
        assertThat(image.open().entries())
                .containsExactly(
                        new Entry(DEVICE, NONE, "translated", "amd-v1", 0x12_3456_7000L),
                        new Entry(DEVICE, 3, "translated", "amd-nested", 0x7777_7000L));
    }

    @ParameterizedTest
    @CsvSource({
        "6000000000000007, 0, 0, X1 reserved bit 2",
        "6000000000000e03, 0, 0, X2 Mode 7",
        "6780000000000003, 100110840007, 0, X3 GLX 3",
        "6590000000000003, 100110840007, 80000000000000, GPM 2",
        "6000001234567903, 42, 0, HAD 2",
        "6000000000000003, 1800000005, 0, IoCtl 3",
    })
    void reservedBitsAndEncodingsAreBad(String word0, String word1, String word2, String why) {
        assertThat(new Image()
                        .device(DEVICE, hex(word0), hex(word1), hex(word2))
                        .open()
                        .entries())
                .as(why)
                .containsExactly(other(DEVICE, NONE, "bad-entry"));
    }

    @ParameterizedTest
    @CsvSource({
        "5003300000884a, no GTSup",
        "2003300000885a, no GIoSup and no EPHSup",
        "500330000085a, GLXSup 0",
    })
    void whatTheHardwareLacksIsBad(String efr, String why) {
        Image image = new Image().device(DEVICE, Image.D7).guestTables();
        image.registers.put("EXT_FEATURE", hex(efr));
        assertThat(image.open().entries()).as(why).containsExactly(other(DEVICE, NONE, "bad-entry"));
    }

    @Test
    void withoutGtSupTheFieldsOfGuestsAreReserved() {
        Image image = new Image().device(DEVICE, 0x6000_0000_0000_0003L, 0x0000_1001_1084_0007L, 0);
        assertThat(image.open().entries()).containsExactly(other(DEVICE, NONE, "passthrough"));
        image.registers.put("EXT_FEATURE", 0x0005_0033_0000_884aL);
        assertThat(image.open().entries()).containsExactly(other(DEVICE, NONE, "bad-entry"));
    }

    @Test
    void guestTranslationMayBeOff() {
        Image image = new Image().device(DEVICE, Image.D7).guestTables();
        image.registers.put("CONTROL", 1L);
        assertThat(image.open().entries()).containsExactly(other(DEVICE, NONE, "bad-entry"));
    }

    @Test
    void devicesBeyondTheTableDoNotExist() {
        Image image = new Image().device(DEVICE, Image.D3);
        image.registers.put("DEVTAB_BASE", Image.DEVICE_TABLE | 5);
        assertThat(image.open().entries()).isEmpty();
    }

    @Test
    void upperDevicesMayHaveATableOfTheirOwn() {
        Image image = new Image();
        image.registers.put("CONTROL", 0x4_0001_0001L);
        image.registers.put("DEVTAB_BASE_1", 0x2000_0000L);
        image.memory.back(0x2000_0000L, 0x1000);
        for (int i = 0; i < 128; i++) {
            image.memory.put(0x2000_0000L + 32L * i, 3);
        }
        image.memory.put(0x2000_0060L, Image.D3);
        assertThat(image.open().entries())
                .containsExactly(new Entry(0x8003, NONE, "translated", "amd-v1", 0x12_3456_7000L));
    }

    private static long hex(String text) {
        return Long.parseUnsignedLong(text, 16);
    }
}
