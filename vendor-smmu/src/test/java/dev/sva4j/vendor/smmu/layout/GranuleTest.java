package dev.sva4j.vendor.smmu.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Geometry of the sheet's §4.1 and the descriptor addresses of its walks W1 to W12. */
class GranuleTest {

    @ParameterizedTest(name = "{0}: {1} to {2} bits start at level {3}")
    @CsvSource({
        "KIB_4, 25, 30, 2",
        "KIB_4, 31, 39, 1",
        "KIB_4, 40, 48, 0",
        "KIB_4, 49, 52, -1",
        "KIB_16, 25, 25, 3",
        "KIB_16, 26, 36, 2",
        "KIB_16, 37, 47, 1",
        "KIB_16, 48, 52, 0",
        "KIB_64, 25, 29, 3",
        "KIB_64, 30, 42, 2",
        "KIB_64, 43, 52, 1",
    })
    void theInputSizeDeterminesTheStartLevel(Granule granule, int fewest, int most, int level) {
        IntStream.rangeClosed(fewest, most)
                .forEach(bits ->
                        assertThat(granule.startLevel(bits)).as("%d bits", bits).isEqualTo(level));
    }

    @ParameterizedTest
    @CsvSource({"KIB_4, 39, 30, 21, 12", "KIB_16, 47, 36, 25, 14", "KIB_64, 55, 42, 29, 16"})
    void aDescriptorOfALevelMapsThisMuch(Granule granule, int level0, int level1, int level2, int level3) {
        assertThat(IntStream.rangeClosed(0, 3).map(granule::levelShift))
                .containsExactly(level0, level1, level2, level3);
    }

    @ParameterizedTest(name = "{0} T0SZ {1}: level {3} at {5}")
    @CsvSource({
        // granule, T0SZ, VA, level, table, descriptor
        "KIB_4, 16, 0x00007F123456789A, 0, 0x81234000, 0x812347F0",
        "KIB_4, 16, 0x00007F123456789A, 1, 0x81235000, 0x81235240",
        "KIB_4, 16, 0x00007F123456789A, 2, 0x81236000, 0x81236D10",
        "KIB_4, 16, 0x00007F123456789A, 3, 0x81237000, 0x81237B38",
        "KIB_4, 16, 0x00007F1234612345, 2, 0x81236000, 0x81236D18",
        "KIB_4, 16, 0x00007F1280000010, 1, 0x81235000, 0x81235250",
        "KIB_4, 16, 0x00007F1234568000, 3, 0x81237000, 0x81237B40",
        "KIB_4, 16, 0x00007F123456989A, 3, 0x81237000, 0x81237B48",
        "KIB_4, 16, 0x00007F123456A89A, 3, 0x81237000, 0x81237B50",
        "KIB_4, 25, 0x0000003F12345678, 1, 0x82000000, 0x820007E0",
        "KIB_4, 25, 0x0000003F12345678, 2, 0x82001000, 0x82001488",
        "KIB_4, 25, 0x0000003F12345678, 3, 0x82002000, 0x82002A28",
        "KIB_16, 16, 0x00007F123456789A, 0, 0x82000000, 0x82000000",
        "KIB_16, 16, 0x00007F123456789A, 1, 0x82004000, 0x82007F88",
        "KIB_16, 16, 0x00007F123456789A, 2, 0x82008000, 0x820088D0",
        "KIB_16, 16, 0x00007F123456789A, 3, 0x8200C000, 0x8200CAC8",
        "KIB_16, 17, 0x00007F123456789A, 1, 0x82000000, 0x82003F88",
        "KIB_16, 17, 0x00007F123456789A, 2, 0x82004000, 0x820048D0",
        "KIB_16, 17, 0x00007F123456789A, 3, 0x82008000, 0x82008AC8",
        "KIB_64, 16, 0x00007F123456789A, 1, 0x82000000, 0x820000F8",
        "KIB_64, 16, 0x00007F123456789A, 2, 0x82010000, 0x8201C488",
        "KIB_64, 16, 0x00007F123456789A, 3, 0x82020000, 0x8202A2B0",
        "KIB_64, 22, 0x000003123456789A, 2, 0x82000000, 0x8200C488",
    })
    void aWalkReadsThisDescriptor(Granule granule, int t0sz, long va, int level, long table, long descriptor) {
        int bits = 64 - t0sz;
        assertThat(granule.descriptorAddress(table, va, level, granule.startLevel(bits), bits))
                .isEqualTo(descriptor);
    }

    @Test
    void theStartTableIsAlignedToItsOwnSize() {
        assertThat(Granule.KIB_4.startTableBytes(0, 48)).isEqualTo(0x1000);
        assertThat(Granule.KIB_4.startTableBytes(1, 39)).isEqualTo(0x1000);
        assertThat(Granule.KIB_16.startTableBytes(0, 48)).isEqualTo(16);
        assertThat(Granule.KIB_64.startTableBytes(1, 48)).isEqualTo(0x200);
        assertThat(Granule.KIB_4.startTableBytes(1, 43))
                .as("sixteen concatenated tables of stage 2")
                .isEqualTo(0x1_0000);
    }

    @Test
    void stage2StartsWhereSl0SaysWhichDependsOnTheGranule() {
        assertThat(IntStream.range(0, 3).map(Granule.KIB_4::stage2StartLevel)).containsExactly(2, 1, 0);
        assertThat(IntStream.range(0, 3).map(Granule.KIB_16::stage2StartLevel)).containsExactly(3, 2, 1);
        assertThat(IntStream.range(0, 3).map(Granule.KIB_64::stage2StartLevel)).containsExactly(3, 2, 1);
    }

    @Test
    void aLeafKeepsTheAddressBitsBelowIt() {
        assertThat(Granule.KIB_4.offsetInLeaf(0x7F12_3461_2345L, 2)).isEqualTo(0x1_2345);
        assertThat(Granule.KIB_4.offsetInLeaf(0x7F12_8000_0010L, 1)).isEqualTo(0x10);
        assertThat(Granule.KIB_64.offsetInLeaf(0x0312_3456_789AL, 2)).isEqualTo(0x1456_789AL);
    }

    @Test
    void theFourEncodingsOfAGranuleAreDifferentAndReadBack() {
        assertThat(Stream.of(Granule.values()).map(Granule::tg0)).containsExactly(0, 2, 1);
        assertThat(Stream.of(Granule.values()).map(Granule::tg1)).containsExactly(2, 1, 3);
        assertThat(Stream.of(Granule.values()).map(Granule::s2tg)).containsExactly(0, 2, 1);
        assertThat(Stream.of(Granule.values()).map(Granule::commandTg)).containsExactly(1, 2, 3);
        for (Granule granule : Granule.values()) {
            assertThat(Granule.ofTg0(granule.tg0())).isEqualTo(granule);
            assertThat(Granule.ofTg1(granule.tg1())).isEqualTo(granule);
            assertThat(Granule.ofS2tg(granule.s2tg())).isEqualTo(granule);
            assertThat(Granule.ofCommandTg(granule.commandTg())).isEqualTo(granule);
            assertThat(granule.bytes()).isEqualTo(1L << granule.shift());
        }
        assertThat(Granule.ofTg0(3)).isNull();
        assertThat(Granule.ofTg1(0)).isNull();
        assertThat(Granule.ofS2tg(3)).isNull();
        assertThat(Granule.ofCommandTg(0)).isNull();
    }
}
