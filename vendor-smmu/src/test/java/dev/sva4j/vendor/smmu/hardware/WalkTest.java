package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.vendor.smmu.layout.EventId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The walks W1 to W12 of the reference, by way of the register port and the device port only. */
class WalkTest {
    private final TestSmmu smmu = TestSmmu.running(Behaviour.FORGETFUL);

    private long translate(long address, Access access) {
        return smmu.hardware.directTranslation().orElseThrow().translate(SID, SSID, address, access);
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource({
        "W1, 0x7F123456789A, 0x8ABCD89A",
        "W2, 0x7F1234612345, 0xC0212345",
        "W3, 0x7F1280000010, 0x140000010",
    })
    void aWalkEndsAtThePageOrBlock(String walk, String address, String expected) {
        assertThat(translate(Long.decode(address), Access.READ)).isEqualTo(Long.decode(expected));
        assertThat(smmu.takeEvents()).isEmpty();
    }

    @Test
    void aWriteToAReadOnlyBlockIsFPermission() {
        assertThat(translate(0x7F1280000010L, Access.WRITE)).isEqualTo(-EventId.F_PERMISSION.number());
    }

    @ParameterizedTest(name = "{0}: {1} is {2}")
    @CsvSource({
        "W4, 0x7F1234568000, F_TRANSLATION",
        "W5, 0x7F123456989A, F_ADDR_SIZE",
        "W6, 0x7F123456A89A, F_ACCESS",
        "W7, 0x0001000000000000, F_TRANSLATION",
        "W7, -0x0001000000000000, F_TRANSLATION",
        "W7 in range, 0x0000800000000000, F_TRANSLATION",
    })
    void aWalkThatFailsNamesItsFault(String walk, String address, EventId expected) {
        assertThat(translate(Long.decode(address), Access.READ)).isEqualTo(-expected.number());
    }

    @Test
    void anAddressOutOfRangeReadsNoDescriptorAndOneInRangeDoes() {
        List<Long> reads = new ArrayList<>();
        translate(0, Access.READ);
        smmu.memory.onLoad = pa -> {
            if (pa >= 0x8123_0000L) {
                reads.add(pa);
            }
        };
        translate(0x0001000000000000L, Access.READ);
        translate(0xFFFF000000000000L, Access.READ);
        assertThat(reads).isEmpty();
        translate(0x0000800000000000L, Access.READ);
        assertThat(reads).containsExactly(0x8123_4000L + 8 * 0x100);
    }

    @Test
    void eachLevelReadsTheDescriptorOfTheVector() {
        List<Long> reads = new ArrayList<>();
        smmu.memory.onLoad = pa -> {
            if (pa >= 0x8123_0000L) {
                reads.add(pa);
            }
        };
        translate(0x7F123456789AL, Access.READ);
        assertThat(reads).containsExactly(0x812347F0L, 0x81235240L, 0x81236D10L, 0x81237B38L);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "W8  4K T0SZ 25,  0x002ae204c0003519, 0x3F12345678,   0x8ABCD678,"
                + " 820007E0=82001003 82001488=82002003 82002A28=006000008abcdf43",
        "W9  16K T0SZ 16, 0x002ae204c0003590, 0x7F123456789A, 0x8ABCF89A,"
                + " 82000000=82004003 82007F88=82008003 820088D0=8200C003 8200CAC8=006000008abccf43",
        "W10 16K T0SZ 17, 0x002ae204c0003591, 0x7F123456789A, 0x8ABCF89A,"
                + " 82003F88=82004003 820048D0=82008003 82008AC8=006000008abccf43",
        "W11 64K T0SZ 16, 0x002ae204c0003550, 0x7F123456789A, 0x8ABC789A,"
                + " 820000F8=82010003 8201C488=82020003 8202A2B0=006000008abc0f43",
        "W12 64K T0SZ 22, 0x002ae204c0003556, 0x03123456789A, 0x3456789A, 8200C488=0060000020000f41",
    })
    void granulesAndStartLevelsFollowTg0AndT0sz(
            String walk, String cd0, String address, String expected, String descriptors) {
        smmu.cd(Long.decode(cd0), 0x8200_0000L);
        List<Long> expectedReads = new ArrayList<>();
        for (String descriptor : descriptors.split(" ")) {
            String[] parts = descriptor.split("=");
            smmu.memory.put(Long.parseLong(parts[0], 16), Long.parseUnsignedLong(parts[1], 16));
            expectedReads.add(Long.parseLong(parts[0], 16));
        }
        List<Long> reads = new ArrayList<>();
        smmu.memory.onLoad = pa -> {
            if (pa >= 0x8200_0000L) {
                reads.add(pa);
            }
        };
        assertThat(translate(Long.decode(address), Access.READ)).isEqualTo(Long.decode(expected));
        assertThat(reads).isEqualTo(expectedReads);
    }
}
