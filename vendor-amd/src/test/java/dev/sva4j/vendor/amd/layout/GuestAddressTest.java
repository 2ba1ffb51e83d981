package dev.sva4j.vendor.amd.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestAddressTest {

    @ParameterizedTest
    @CsvSource({
        "7fffffffffff, 4, true",
        "800000000000, 4, false",
        "ffff7fffffffffff, 4, false",
        "ffff800000000000, 4, true",
        "800000000000, 5, true",
        "fedcba98765432, 5, true",
        "100000000000000, 5, false",
        "ff00000000000000, 5, true",
    })
    void addressesOfAProcessAreSignExtended(String address, int levels, boolean legal) {
        assertThat(GuestAddress.isLegal(Long.parseUnsignedLong(address, 16), levels, 0x12345))
                .isEqualTo(legal);
    }

    @ParameterizedTest
    @CsvSource({
        "7fffffffffff, 4, true",
        "800000000000, 4, true",
        "ffffffffffff, 4, true",
        "1000000000000, 4, false",
        "ffff800000000000, 4, false",
        "1ffffffffffffff, 5, true",
        "ff00000000000000, 5, false",
    })
    void addressesWithoutPasidAreNot(String address, int levels, boolean legal) {
        assertThat(GuestAddress.isLegal(Long.parseUnsignedLong(address, 16), levels, 0))
                .isEqualTo(legal);
    }

    @Test
    void theInterruptRangeIsOneMegabyte() {
        assertThat(SpecialAddress.isInterrupt(0xfee0_0000L)).isTrue();
        assertThat(SpecialAddress.isInterrupt(0xfeef_ffffL)).isTrue();
        assertThat(SpecialAddress.isInterrupt(0xfef0_0000L)).isFalse();
        assertThat(SpecialAddress.isInterrupt(0xfedf_ffffL)).isFalse();
    }

    @Test
    void theHyperTransportRangeEndsAtOneTerabyte() {
        assertThat(SpecialAddress.isHyperTransport(0xfd_0000_0000L)).isTrue();
        assertThat(SpecialAddress.isHyperTransport(0xff_ffff_ffffL)).isTrue();
        assertThat(SpecialAddress.isHyperTransport(0x100_0000_0000L)).isFalse();
        assertThat(SpecialAddress.isHyperTransport(0xfc_ffff_ffffL)).isFalse();
    }
}
