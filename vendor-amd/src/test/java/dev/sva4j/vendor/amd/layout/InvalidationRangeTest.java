package dev.sva4j.vendor.amd.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ranges of vectors I1 to I8: one power of two around what was asked. */
class InvalidationRangeTest {

    @ParameterizedTest
    @CsvSource({
        "7f1234567000, 7f1234567fff, 7f1234567000, 12, 7f1234567000",
        "7f1234400000, 7f12345fffff, 7f12344ff001, 21, 7f1234400000",
        "7f1234560000, 7f123456ffff, 7f1234567001, 16, 7f1234560000",
        "7f123455e000, 7f1234562fff, 7f123455f001, 18, 7f1234540000",
        "2000, 3fff, 2001, 13, 2000",
        "1000, 2fff, 1001, 14, 0",
        "0, ffffffffffffffff, 7ffffffffffff001, 64, 0",
        "0, 1fffffffffffff, 7ffffffffffff001, 64, 0",
        "0, fffffffffffff, 7fffffffff001, 64, 0",
        "8000000000000, 8ffffffffffff, 87ffffffff001, 48, 8000000000000",
        "0, 7ffffffffffff, 3fffffffff001, 51, 0",
    })
    void aRangeIsTheSmallestBlockAroundIt(String first, String last, String word1, int log2Size, String base) {
        long encoded = InvalidationRange.word1(hex(first), hex(last));
        assertThat(encoded).isEqualTo(hex(word1));
        assertThat(InvalidationRange.log2Size(encoded)).isEqualTo(log2Size);
        assertThat(InvalidationRange.base(encoded)).isEqualTo(hex(base));
        assertThat(InvalidationRange.contains(encoded, hex(first))).isTrue();
        assertThat(InvalidationRange.contains(encoded, hex(last))).isTrue();
    }

    @Test
    void aRangeEndsBeforeTheNext() {
        long word1 = 0x7f12_344f_f001L;
        assertThat(InvalidationRange.contains(word1, 0x7f12_3440_0000L)).isTrue();
        assertThat(InvalidationRange.contains(word1, 0x7f12_345f_ffffL)).isTrue();
        assertThat(InvalidationRange.contains(word1, 0x7f12_3460_0000L)).isFalse();
        assertThat(InvalidationRange.contains(word1, 0x7f12_343f_ffffL)).isFalse();
    }

    @Test
    void withoutSTheAddressIsOnePageWhateverItsBits() {
        assertThat(InvalidationRange.log2Size(0x7f12_344f_f000L)).isEqualTo(12);
        assertThat(InvalidationRange.contains(0x7f12_344f_f000L, 0x7f12_344f_e000L))
                .isFalse();
    }

    @Test
    void otherBitsOfTheWordDoNotCount() {
        assertThat(InvalidationRange.log2Size(0x7f12_344f_f007L)).isEqualTo(21);
        assertThat(InvalidationRange.log2Size(0x7f12_3456_7006L)).isEqualTo(12);
        assertThat(InvalidationRange.base(0x7f12_344f_f007L)).isEqualTo(0x7f12_3440_0000L);
    }

    @Test
    void allOnesAreEverything() {
        assertThat(InvalidationRange.log2Size(0xffff_ffff_ffff_f001L)).isEqualTo(InvalidationRange.LOG2_ALL);
        assertThat(InvalidationRange.contains(0xffff_ffff_ffff_f001L, 0x1000)).isTrue();
    }

    @Test
    void aRangeMeetsABlockThatIsSmallerOrLarger() {
        long twoMegabytes = 0x7f12_344f_f001L;
        assertThat(InvalidationRange.overlaps(twoMegabytes, 0x7f12_3440_5000L, 12))
                .isTrue();
        assertThat(InvalidationRange.overlaps(twoMegabytes, 0x7f12_3460_0000L, 12))
                .isFalse();
        assertThat(InvalidationRange.overlaps(twoMegabytes, 0x7f12_0000_0000L, 30))
                .isTrue();
        assertThat(InvalidationRange.overlaps(twoMegabytes, 0x7f12_4000_0000L, 30))
                .isFalse();
        assertThat(InvalidationRange.overlaps(InvalidationRange.ALL, -1L, 12)).isTrue();
    }

    private static long hex(String text) {
        return Long.parseUnsignedLong(text, 16);
    }
}
