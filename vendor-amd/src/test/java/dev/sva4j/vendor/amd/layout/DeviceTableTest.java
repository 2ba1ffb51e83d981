package dev.sva4j.vendor.amd.layout;

import static dev.sva4j.vendor.amd.layout.Decoded.says;
import static dev.sva4j.vendor.amd.layout.Decoded.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.layout.SplitField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors 12.2, and entries that Linux wrote. */
class DeviceTableTest {
    private static final long DEVTAB_BASE = 0x8000_01ffL;

    @Test
    void d1SharesAddressesWithTwoLevelsOfPasids() {
        long[] dte = Decoded.bytes("03 00 00 00 00 00 90 71 34 12 46 e2 01 e8 cd ab");
        says(
                DeviceTableEntry.LAYOUT,
                dte,
                "V = 1",
                "TV = 1",
                "PPR = 1",
                "GV = 1",
                "GLX = 1 (2 levels)",
                "GCR3TRP = 0xabcdef1234000",
                "IR = 1",
                "IW = 1",
                "DomainID = 0x1234",
                "I = 1");
        assertThat(DeviceTableEntry.gcr3Root(dte[0], dte[1])).isEqualTo(0x000a_bcde_f123_4000L);
        assertThat(DeviceTableEntry.gcr3Levels(dte[0])).isEqualTo(2);
    }

    @Test
    void d2TranslatesRequestsWithoutPasidByFiveLevels() {
        long[] dte = words(0x64c0_0000_0000_0003L, 0x0000_1001_1084_0007L, 0x0040_0000_0000_0000L);
        says(
                DeviceTableEntry.LAYOUT,
                dte,
                "V = 1",
                "TV = 1",
                "GIoV = 1",
                "GV = 1",
                "GCR3TRP = 0x108421000",
                "IR = 1",
                "IW = 1",
                "DomainID = 7",
                "I = 1",
                "GPM = 1 (5 levels)");
        assertThat(DeviceTableEntry.guestLevels(dte[2])).isEqualTo(5);
        assertThat(DeviceTableEntry.gcr3Levels(dte[0])).isEqualTo(1);
    }

    @Test
    void d3HasAHostPageTableOfFourLevels() {
        says(
                DeviceTableEntry.LAYOUT,
                words(0x6000_0012_3456_7803L, 0x0000_0002_0000_0042L),
                "V = 1",
                "TV = 1",
                "Mode = 4 (4 levels)",
                "HostPageTableRoot = 0x1234567000",
                "IR = 1",
                "IW = 1",
                "DomainID = 0x42",
                "SE = 1");
    }

    @Test
    void d4Blocks() {
        says(DeviceTableEntry.LAYOUT, words(0x3), "V = 1", "TV = 1");
    }

    @Test
    void d5NestsAndHasAllBitsOfTheRoot() {
        says(
                DeviceTableEntry.LAYOUT,
                words(0x7ef0_0000_2000_0803L, 0xffff_f805_ffff_ffffL),
                "V = 1",
                "TV = 1",
                "Mode = 4 (4 levels)",
                "HostPageTableRoot = 0x20000000",
                "PPR = 1",
                "GPRP = 1",
                "GIoV = 1",
                "GV = 1",
                "GLX = 2 (3 levels)",
                "GCR3TRP = 0xffffffffff000",
                "IR = 1",
                "IW = 1",
                "DomainID = 0xffff",
                "I = 1",
                "SA = 1");
    }

    @Test
    void d6PassesThrough() {
        says(
                DeviceTableEntry.LAYOUT,
                words(0x6000_0000_0000_0003L, 5),
                "V = 1",
                "TV = 1",
                "IR = 1",
                "IW = 1",
                "DomainID = 5");
    }

    @Test
    void d7AndD8DifferInTheSuppressionOfFaults() {
        String[] d7 = {
            "V = 1",
            "TV = 1",
            "PPR = 1",
            "GV = 1",
            "GLX = 1 (2 levels)",
            "GCR3TRP = 0x108421000",
            "IR = 1",
            "IW = 1",
            "DomainID = 7",
            "I = 1"
        };
        long d7Word1 = 0x0000_1001_1084_0007L;
        says(DeviceTableEntry.LAYOUT, words(0x6590_0000_0000_0003L, d7Word1), d7);
        assertThat(DeviceTableEntry.SA.put(d7Word1, true)).isEqualTo(0x0000_1005_1084_0007L);
    }

    @Test
    void d9NestsWithOneLevelOfPasids() {
        says(
                DeviceTableEntry.LAYOUT,
                words(0x6090_0012_3456_7803L, 0x0000_4001_0000_0043L),
                "V = 1",
                "TV = 1",
                "Mode = 4 (4 levels)",
                "HostPageTableRoot = 0x1234567000",
                "PPR = 1",
                "GV = 1",
                "GCR3TRP = 0x400000000",
                "IR = 1",
                "IW = 1",
                "DomainID = 0x43",
                "I = 1");
    }

    @Test
    void theRootOfTheGcr3TableIsWrittenInThreePieces() {
        SplitField root = DeviceTableEntry.GCR3TRP;
        long value = 0x000a_bcde_f123_4000L;
        long word0 = root.put(0, 0, value);
        long word1 = root.put(1, 0, value);
        assertThat(word0 >>> 58).isEqualTo(4);
        assertThat(word1 >>> 16 & 0xffff).isEqualTo(0xe246);
        assertThat(word1 >>> 43).isEqualTo(0x1579bd);
        assertThat(DeviceTableEntry.gcr3Root(word0, word1)).isEqualTo(value);
    }

    @Test
    void x1HasAReservedBit() {
        assertThat(DeviceTableEntry.LAYOUT.hasReservedBitsSet(0x6000_0000_0000_0007L, 0, 0, 0))
                .isTrue();
    }

    @Test
    void x2AndX3HaveReservedEncodings() {
        says(
                DeviceTableEntry.LAYOUT,
                words(0x6000_0000_0000_0e03L),
                "V = 1",
                "TV = 1",
                "Mode = 7 (reserved)",
                "IR = 1",
                "IW = 1");
        assertThat(DeviceTableEntry.GLX.get(0x6780_0000_0000_0003L)).isEqualTo(DeviceTableEntry.GLX_RESERVED);
    }

    @Test
    void reservedBitsAreThoseOfQemu() {
        assertThat(DeviceTableEntry.LAYOUT.reservedMask(0)).isEqualTo(1L << 63 | 0x7c);
        assertThat(DeviceTableEntry.LAYOUT.reservedMask(1)).isZero();
        assertThat(DeviceTableEntry.LAYOUT.reservedMask(2)).isEqualTo(3L << 52);
        assertThat(DeviceTableEntry.LAYOUT.reservedMask(3)).isEqualTo(0x3fL << 48 | 0x7fff);
    }

    /** Linux 6.12: a device with three levels, and one that passes through. */
    @Test
    void entriesOfARunningMachineAreDecoded() {
        says(
                DeviceTableEntry.LAYOUT,
                words(0x6000_0001_0198_3603L, 1),
                "V = 1",
                "TV = 1",
                "Mode = 3 (3 levels)",
                "HostPageTableRoot = 0x101983000",
                "IR = 1",
                "IW = 1",
                "DomainID = 1");
    }

    @Test
    void theDeviceIdIsTheIndex() {
        assertThat(DeviceTable.entryAddress(DEVTAB_BASE, DeviceTable.index(0x300, 0)))
                .isEqualTo(0x8000_6000L);
        assertThat(DeviceTable.entryAddress(DEVTAB_BASE, DeviceTable.index(0x308, 0)))
                .isEqualTo(0x8000_6100L);
        assertThat(DeviceTable.segment(0xffff, 0)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 41728", "1, 1, 8960", "2, 2, 8960", "3, 5, 768"})
    void upperBitsOfTheDeviceIdSelectASegment(long devTblSegEn, int segment, int index) {
        int deviceId = 0xa300;
        assertThat(DeviceTable.segment(deviceId, devTblSegEn)).isEqualTo(segment);
        assertThat(DeviceTable.index(deviceId, devTblSegEn)).isEqualTo(index);
        assertThat(DeviceTable.deviceId(segment, index, devTblSegEn)).isEqualTo(deviceId);
    }

    @Test
    void aSmallTableHasFewDevices() {
        long base = DeviceTableBase.encode(0x108_0000, 32 << 10);
        assertThat(DeviceTable.contains(base, 1023)).isTrue();
        assertThat(DeviceTable.contains(base, 1024)).isFalse();
    }
}
