package dev.sva4j.vendor.amd.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors 12.3, and the GCR3 entries of 12.6. */
class Gcr3TableTest {

    @ParameterizedTest
    @CsvSource({
        "12345, 1, 91, 488",
        "12345, 0, 145, a28",
        "abcde, 2, 2, 10",
        "abcde, 1, 15e, af0",
        "abcde, 0, de, 6f0",
        "1ff, 0, 1ff, ff8",
        "fffff, 2, 3, 18",
        "fffff, 1, 1ff, ff8",
        "fffff, 0, 1ff, ff8",
    })
    void eachLevelTakesNineBits(String pasid, int level, String index, String offset) {
        int number = Integer.parseInt(pasid, 16);
        assertThat(Gcr3Table.index(level, number)).isEqualTo(Integer.parseInt(index, 16));
        assertThat(Gcr3Table.entryAddress(0x1_0842_1000L, level, number))
                .isEqualTo(0x1_0842_1000L + Integer.parseInt(offset, 16));
    }

    @ParameterizedTest
    @CsvSource({"0, 511", "1, 262143", "2, 1048575"})
    void levelsLimitThePasid(int glx, int largest) {
        assertThat(Gcr3Table.largestPasid(glx)).isEqualTo(largest);
        assertThat(Gcr3Table.glx(largest)).isEqualTo(glx);
    }

    @Test
    void sixteenBitsOfPasidTakeTwoLevels() {
        assertThat(Gcr3Table.glx(0xffff)).isEqualTo(1);
        assertThat(Gcr3Table.largestPasid(1)).isLessThan(0x40000);
    }

    @Test
    void theIndicesPutTogetherAreThePasid() {
        int pasid = Gcr3Table.pasid(Gcr3Table.pasid(Gcr3Table.pasid(0, 2, 0x2), 1, 0x15e), 0, 0xde);
        assertThat(pasid).isEqualTo(0xabcde);
    }

    @Test
    void anEntryIsAnAddressAndAValidBit() {
        assertThat(Gcr3TableEntry.encode(0x1_0842_2000L)).isEqualTo(0x1_0842_2001L);
        assertThat(Gcr3TableEntry.ADDRESS.getAddress(0x1_0842_3001L)).isEqualTo(0x1_0842_3000L);
        assertThat(Gcr3TableEntry.V.isSet(0x1_0842_3000L)).isFalse();
        assertThat(Gcr3TableEntry.LAYOUT.reservedMask(0)).isEqualTo(0xfff0_0000_0000_0ffeL);
    }
}
