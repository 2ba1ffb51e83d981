package dev.sva4j.vendor.vtd.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vector V7: one block around a range, in the three descriptors that have one. */
class RangeVectorsTest {

    @ParameterizedTest
    @CsvSource({
        "7f1234567000, 7f1234567fff, 7f1234567000, 0, 7f1234567000, 7f1234567000, 7f1234567000",
        "7f1234566000, 7f1234567fff, 7f1234566000, 1, 7f1234566001, 7f1234566800, 7f1234566001",
        "7f1234567000, 7f1234569fff, 7f1234560000, 4, 7f1234560004, 7f1234567800, 7f1234567001",
        "7f1234400000, 7f12345fffff, 7f1234400000, 9, 7f1234400009, 7f12344ff800, 7f12344ff001",
        "7f1200000000, 7f123fffffff, 7f1200000000, 18, 7f1200000012, 7f121ffff800, 7f121ffff001",
        "7ffffffff000, 800000000fff, 0, 36, 24, 7ffffffff800, 7ffffffff001",
    })
    void aRangeIsTheSmallestBlockAroundIt(
            String first, String last, String base, int order, String pIotlb, String pDevTlb, String devTlb) {
        assertThat(AddressBlock.order(hex(first), hex(last))).isEqualTo(order);
        assertThat(AddressBlock.base(hex(first), order)).isEqualTo(hex(base));
        assertThat(PasidIotlbInvalidate.pageWord1(hex(base), order, false)).isEqualTo(hex(pIotlb));
        assertThat(PasidDeviceTlbInvalidate.word1(hex(first), order)).isEqualTo(hex(pDevTlb));
        assertThat(DeviceTlbInvalidate.word1(hex(first), order)).isEqualTo(hex(devTlb));
    }

    @ParameterizedTest
    @CsvSource({
        "7f1234567000, 7f1234567000, 0, 7f1234567000",
        "7f1234566800, 7f1234566001, 1, 7f1234566000",
        "7f1234567800, 7f1234567001, 4, 7f1234560000",
        "7f12344ff800, 7f12344ff001, 9, 7f1234400000",
        "7f121ffff800, 7f121ffff001, 18, 7f1200000000",
        "7ffffffffffff800, 7ffffffffffff001, 52, 0",
    })
    void theSizeIsInTheAddress(String pDevTlb, String devTlb, int order, String base) {
        assertThat(PasidDeviceTlbInvalidate.order(hex(pDevTlb))).isEqualTo(order);
        assertThat(PasidDeviceTlbInvalidate.base(hex(pDevTlb))).isEqualTo(hex(base));
        assertThat(DeviceTlbInvalidate.order(hex(devTlb))).isEqualTo(order);
        assertThat(DeviceTlbInvalidate.base(hex(devTlb))).isEqualTo(hex(base));
    }

    @Test
    void everythingIsAllOnesBelowTheTopBit() {
        int all = AddressBlock.order(0, -1L);
        assertThat(all).isEqualTo(AddressBlock.ORDER_ALL);
        assertThat(PasidDeviceTlbInvalidate.word1(0, all)).isEqualTo(0x7fff_ffff_ffff_f800L);
        assertThat(DeviceTlbInvalidate.word1(0, all)).isEqualTo(0x7fff_ffff_ffff_f001L);
    }

    @Test
    void theInvalidationHintIsBit6() {
        assertThat(PasidIotlbInvalidate.pageWord1(0x7f12_3440_0000L, 9, true)).isEqualTo(0x7f12_3440_0049L);
    }

    @Test
    void aBlockEndsBeforeTheNext() {
        long word1 = PasidIotlbInvalidate.pageWord1(0x7f12_3440_0000L, 9, false);
        assertThat(PasidIotlbInvalidate.reaches(word1, 0x7f12_3440_0000L)).isTrue();
        assertThat(PasidIotlbInvalidate.reaches(word1, 0x7f12_345f_ffffL)).isTrue();
        assertThat(PasidIotlbInvalidate.reaches(word1, 0x7f12_3460_0000L)).isFalse();
        assertThat(PasidIotlbInvalidate.reaches(word1, 0x7f12_343f_ffffL)).isFalse();
        assertThat(IotlbInvalidate.reaches(IotlbInvalidate.pageWord1(0x7f12_3440_0000L, 9, false), 0x7f12_3460_0000L))
                .isFalse();
    }

    @Test
    void hardwareIgnoresAddressBitsBelowTheBlock() {
        long word1 = PasidIotlbInvalidate.pageWord1(0x7f12_3456_7000L, 9, false);
        assertThat(PasidIotlbInvalidate.reaches(word1, 0x7f12_3440_0000L)).isTrue();
    }

    @Test
    void aBlockOfADeviceTlbHoldsWhatItsSizeSays() {
        assertThat(DeviceTlbRange.contains(0x7f12_344f_f000L, true, 0x7f12_345f_ffffL))
                .isTrue();
        assertThat(DeviceTlbRange.contains(0x7f12_344f_f000L, true, 0x7f12_3460_0000L))
                .isFalse();
        assertThat(DeviceTlbRange.contains(0x7f12_344f_f000L, false, 0x7f12_3450_0000L))
                .isFalse();
        assertThat(DeviceTlbRange.contains(0x7fff_ffff_ffff_f000L, true, -1L)).isTrue();
    }

    @Test
    void theSizeOfTheWholeAddressSpaceHasNoRoom() {
        assertThat(AddressBlock.bytes(9)).isEqualTo(2L << 20);
        assertThat(AddressBlock.bytes(AddressBlock.ORDER_ALL)).isZero();
    }

    private static long hex(String text) {
        return Long.parseUnsignedLong(text, 16);
    }
}
