package dev.sva4j.spi.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges that Linux's builders for VT-d, AMD and PCIe make. */
class SizedAddressTest {

    @ParameterizedTest
    @CsvSource({
        "7f1234566000, 13, 7f1234566000",
        "7f1234567000, 13, 7f1234566000",
        "7f1234560000, 16, 7f1234567000",
        "7f1234400000, 21, 7f12344ff000",
        "7f1200000000, 30, 7f121ffff000",
        "7f1234567000, 64, 7ffffffffffff000",
    })
    void theLowestZeroIsTheUpperHalfOfTheSize(String address, int log2Size, String encoded) {
        long sized = SizedAddress.encode(hex(address), log2Size);
        assertThat(sized).isEqualTo(hex(encoded));
        assertThat(SizedAddress.log2Size(sized)).isEqualTo(log2Size);
    }

    @Test
    void allOnesAreTheWholeAddressSpace() {
        assertThat(SizedAddress.log2Size(0xffff_ffff_ffff_f000L)).isEqualTo(SizedAddress.LOG2_ALL);
    }

    @Test
    void bitsBelowAPageDoNotCount() {
        assertThat(SizedAddress.log2Size(0x7f12_344f_f007L)).isEqualTo(21);
        assertThat(SizedAddress.log2Size(0)).isEqualTo(13);
    }

    @Test
    void aBlockStartsAtAMultipleOfItsSize() {
        assertThat(SizedAddress.base(0x7f12_345f_ffffL, 21)).isEqualTo(0x7f12_3440_0000L);
        assertThat(SizedAddress.base(0x7f12_345f_ffffL, SizedAddress.LOG2_ALL)).isZero();
    }

    private static long hex(String text) {
        return Long.parseUnsignedLong(text, 16);
    }
}
