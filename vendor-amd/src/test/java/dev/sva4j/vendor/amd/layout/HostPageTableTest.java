package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.vendor.amd.layout.Decoded.says;
import static dev.sva4j.vendor.amd.layout.Decoded.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The entries of vectors 12.7. */
class HostPageTableTest {

    @ParameterizedTest
    @CsvSource({
        "4, 8012345678, 1234567000, 1234567008",
        "3, 8012345678, 1234568000, 1234568000",
        "2, 8012345678, 1234569000, 1234569488",
        "1, 8012345678, 123456a000, 123456aa28",
        "4, 10012345678, 1234567000, 1234567010",
        "6, fe00000000000000, 1000, 13f8",
    })
    void eachLevelTakesNineBits(int level, String iova, String table, String entry) {
        assertThat(HostPageTable.entryAddress(hex(table), level, hex(iova))).isEqualTo(hex(entry));
    }

    @Test
    void aTablePointerIsDecoded() {
        says(
                HostPageTableEntry.of(0x6000_0012_3456_8601L),
                words(0x6000_0012_3456_8601L),
                "PR = 1",
                "NextLevel = 3",
                "Address = 0x1234568000",
                "IR = 1",
                "IW = 1");
        assertThat(HostPageTableEntry.table(3, 0x12_3456_8000L)).isEqualTo(0x6000_0012_3456_8601L);
    }

    @Test
    void aLeafOfDefaultSizeIsDecoded() {
        long entry = 0x7000_0000_abcd_e001L;
        says(
                HostPageTableEntry.of(entry),
                words(entry),
                "PR = 1",
                "Address = 0xabcde000",
                "FC = 1",
                "IR = 1",
                "IW = 1");
        assertThat(HostPageTableEntry.log2Size(1, entry)).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 70000000abcde001, abcde000, 12",
        "1, 60000000abccbe01, abcc8000, 15",
        "2, 6000000040200001, 40200000, 21",
        "2, 60000000405ffe01, 40400000, 22",
        "1, 6000000000000e01, 0, 13",
        "5, 6007fffffffffe01, 0, 52",
    })
    void theSizeIsThatOfTheLevelOrInTheAddress(int level, String entry, String page, int log2Size) {
        assertThat(HostPageTableEntry.isLeaf(hex(entry))).isTrue();
        assertThat(HostPageTableEntry.log2Size(level, hex(entry))).isEqualTo(log2Size);
        assertThat(HostPageTableEntry.pageAddress(level, hex(entry))).isEqualTo(hex(page));
        assertThat(HostPageTableEntry.hasLegalSize(level, hex(entry))).isTrue();
        long rights = HostPageTableEntry.FC.mask() | HostPageTableEntry.IR.mask() | HostPageTableEntry.IW.mask();
        assertThat(HostPageTableEntry.leaf(level, hex(page), log2Size)).isEqualTo(hex(entry) & ~rights);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 60000000abccbe01",
        "1, 60000000405ffe01",
        "1, 60000000000ffe01",
        "3, 60000000405ffe01",
        "6, 6000000000000001",
        "5, 600ffffffffffe01",
    })
    void aSizeBelongsToOneLevel(int level, String entry) {
        assertThat(HostPageTableEntry.hasLegalSize(level, hex(entry))).isFalse();
    }

    @Test
    void thereIsNoLeafOfAWrongSizeOrAlignment() {
        assertThatThrownBy(() -> HostPageTableEntry.leaf(1, 0, 21))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("level 1 has no page of 2^21 bytes");
        assertThatThrownBy(() -> HostPageTableEntry.leaf(1, 0x1000, 13)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HostPageTableEntry.leaf(2, 0x1000, 21)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aModeReachesItsBits() {
        assertThat(HostPageTable.reaches(4, 0xffff_ffff_ffffL)).isTrue();
        assertThat(HostPageTable.reaches(4, 0x1_0000_0000_0000L)).isFalse();
        assertThat(HostPageTable.reaches(6, -1L)).isTrue();
        assertThat(HostPageTable.reaches(5, 1L << 57)).isFalse();
    }

    @Test
    void skippedLevelsHaveToBeZero() {
        assertThat(HostPageTable.skipsZerosOnly(4, 2, 0x100_1234_5678L)).isTrue();
        assertThat(HostPageTable.skipsZerosOnly(4, 2, 0x100_5234_5678L)).isFalse();
        assertThat(HostPageTable.skipsZerosOnly(4, 3, 0x100_5234_5678L)).isTrue();
        assertThat(HostPageTable.skipsZerosOnly(6, 1, 0xfe00_0000_001f_ffffL)).isTrue();
        assertThat(HostPageTable.skipsZerosOnly(6, 1, 0xfe00_0000_0020_0000L)).isFalse();
    }

    @Test
    void reservedBitsAreThoseOfTheSources() {
        assertThat(HostPageTableEntry.TABLE.reservedMask(0)).isEqualTo(0x1ffL << 52);
        assertThat(HostPageTableEntry.LEAF.reservedMask(0)).isEqualTo(0x7fL << 52);
    }

    private static long hex(String text) {
        return Long.parseUnsignedLong(text, 16);
    }
}
