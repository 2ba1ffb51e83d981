package dev.sva4j.vendor.smmu.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The range checks of walk W7, and address sizes. */
class VirtualAddressTest {

    @Test
    void bit55ChoosesTheHalfWhateverTheTopByte() {
        assertThat(VirtualAddress.isUpperHalf(0x0080_0000_0000_0000L)).isTrue();
        assertThat(VirtualAddress.isUpperHalf(0xFF7F_FFFF_FFFF_FFFFL)).isFalse();
    }

    @Test
    void allBitsAboveTheInputSizeEqualBit55() {
        assertThat(VirtualAddress.isInRange(0x0000_8000_0000_0000L, 48, false)).isTrue();
        assertThat(VirtualAddress.isInRange(0x0001_0000_0000_0000L, 48, false)).isFalse();
        assertThat(VirtualAddress.isInRange(0xFFFF_0000_0000_0000L, 48, false)).isTrue();
        assertThat(VirtualAddress.isInRange(0xFFFE_FFFF_FFFF_FFFFL, 48, false)).isFalse();
        assertThat(VirtualAddress.isInRange(0x0000_0080_0000_0000L, 39, false)).isFalse();
    }

    @Test
    void theTopByteCountsUnlessItIsIgnored() {
        assertThat(VirtualAddress.isInRange(0xAB00_7F12_3456_7000L, 48, false)).isFalse();
        assertThat(VirtualAddress.isInRange(0xAB00_7F12_3456_7000L, 48, true)).isTrue();
        assertThat(VirtualAddress.isInRange(0x00FF_FFFF_FFFF_F000L, 48, false)).isFalse();
        assertThat(VirtualAddress.isInRange(0x00FF_FFFF_FFFF_F000L, 48, true)).isTrue();
        assertThat(VirtualAddress.isInRange(0xAB01_0000_0000_0000L, 48, true)).isFalse();
    }

    @Test
    void everyAddressSizeIsReadBack() {
        assertThat(IntStream.range(0, 8).map(AddressSize::bits)).containsExactly(32, 36, 40, 42, 44, 48, 52, 56);
        IntStream.range(0, 8)
                .forEach(encoding -> assertThat(AddressSize.encoding(AddressSize.bits(encoding)))
                        .isEqualTo(encoding));
        assertThatIllegalArgumentException().isThrownBy(() -> AddressSize.bits(8));
        assertThatIllegalArgumentException().isThrownBy(() -> AddressSize.encoding(39));
    }

    @Test
    void anAddressFitsIfItHasNoBitBeyondItsSize() {
        assertThat(AddressSize.fits(0xfff_ffff_ffffL, 44)).isTrue();
        assertThat(AddressSize.fits(0x1000_0000_0000L, 44)).isFalse();
        assertThat(AddressSize.fits(-1, 64)).isTrue();
    }
}
