package dev.sva4j.vendor.vtd.layout;

import static dev.sva4j.vendor.vtd.layout.Decoded.says;
import static dev.sva4j.vendor.vtd.layout.Decoded.words;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Vectors V1 to V4: device 3a:00.0, PASID 0x12345. */
class TableEntriesTest {
    private static final int SID = 0x3A00;
    private static final int PASID = 0x12345;

    @Test
    void theRootEntryIsFoundByTheBus() {
        assertThat(RootTable.entryAddress(0x1000_0000, SID)).isEqualTo(0x1000_03a0);
        assertThat(RootTable.entryAddress(0x1000_0000, 0xffff)).isEqualTo(0x1000_0ff0);
    }

    @Test
    void theRootEntryHasAHalfForTheLowerDevicesAndOneForTheUpper() {
        assertThat(ScalableRootEntry.half(0x1000_1000)).isEqualTo(0x1000_1001);
        assertThat(ScalableRootEntry.half(0x1000_2000)).isEqualTo(0x1000_2001);
        says(
                ScalableRootEntry.LAYOUT,
                words(0x1000_1001, 0x1000_2001),
                "LP = 1",
                "LCTP = 0x10001000",
                "UP = 1",
                "UCTP = 0x10002000");
    }

    @Test
    void theContextEntryIsInTheHalfOfItsDevice() {
        assertThat(RootTable.isUpper(0x3A7F)).isFalse();
        assertThat(RootTable.isUpper(0x3A80)).isTrue();
        assertThat(RootTable.scalableContextAddress(0x1000_1000, 0x3A00)).isEqualTo(0x1000_1000);
        assertThat(RootTable.scalableContextAddress(0x1000_1000, 0x3A7F)).isEqualTo(0x1000_1fe0);
        assertThat(RootTable.scalableContextAddress(0x1000_2000, 0x3A83)).isEqualTo(0x1000_2060);
    }

    @Test
    void aLegacyContextTableHasAnEntryForEveryFunctionOfTheBus() {
        assertThat(RootTable.legacyContextAddress(0x1000_1000, 0x3AFF)).isEqualTo(0x1000_1ff0);
    }

    @Test
    void theContextEntrySaysWhatRequestsMayBe() {
        says(
                ScalableContextEntry.LAYOUT,
                words(0x1001_0e1d),
                "P = 1",
                "DTE = 1",
                "PASIDE = 1",
                "PRE = 1",
                "PDTS = 7",
                "PASIDDIRPTR = 0x10010000");
        says(
                ScalableContextEntry.LAYOUT,
                words(0x1001_0e1e, 0x0010_0007),
                "FPD = 1",
                "DTE = 1",
                "PASIDE = 1",
                "PRE = 1",
                "PDTS = 7",
                "PASIDDIRPTR = 0x10010000",
                "RID_PASID = 7",
                "RID_PRIV = 1");
        assertThat(ScalableContextEntry.DTE.isSet(0x1001_0e19)).isFalse();
        assertThat(ScalableContextEntry.PRE.isSet(0x1001_0e19)).isTrue();
    }

    @Test
    void bitsThatNoRevisionGivesAContextEntryAreReserved() {
        // 8:7 always; 5 is HPTE, which is not modelled.
        assertThat(ScalableContextEntry.LAYOUT.reservedMask(0)).isEqualTo(0x1a0);
        assertThat(ScalableContextEntry.LAYOUT.reservedMask(1)).isEqualTo(-1L << 21);
        assertThat(ScalableContextEntry.LAYOUT.reservedMask(3)).isEqualTo(-1L);
    }

    @Test
    void theDirectoryIsIndexedByTheUpperBitsOfThePasid() {
        assertThat(PasidTable.directoryIndex(PASID)).isEqualTo(0x48d);
        assertThat(PasidTable.directoryEntryAddress(0x1001_0000, PASID)).isEqualTo(0x1001_2468);
        assertThat(PasidDirectoryEntry.encode(0x1003_0000)).isEqualTo(0x1003_0001);
        says(PasidDirectoryEntry.LAYOUT, words(0x1003_0001), "P = 1", "SMPTBLPTR = 0x10030000");
    }

    @Test
    void theTableIsIndexedByTheLowerBitsOfThePasid() {
        assertThat(PasidTable.index(PASID)).isEqualTo(5);
        assertThat(PasidTable.entryAddress(0x1003_0000, PASID)).isEqualTo(0x1003_0140);
        assertThat(PasidTable.pasid(0x48d, 5)).isEqualTo(PASID);
    }

    @Test
    void pdtsIsTheSizeOfTheDirectory() {
        assertThat(PasidTable.directoryEntries(0)).isEqualTo(128);
        assertThat(PasidTable.directoryBytes(2)).isEqualTo(4096);
        assertThat(PasidTable.largestPasid(0)).isEqualTo(0x1fff);
        assertThat(PasidTable.largestPasid(7)).isEqualTo(0xf_ffff);
    }

    @Test
    void aFirstStageEntryAsLinuxWritesItForAProcess() {
        says(
                PasidTableEntry.LAYOUT,
                words(0x49, 0x80_0001, 0x1004_0000),
                "P = 1",
                "AW = 2 (48 bits)",
                "PGTT = 1 (first stage)",
                "DID = 1",
                "PWSNP = 1",
                "FSPTPTR = 0x10040000");
    }

    @Test
    void aFirstStageEntryOfFiveLevels() {
        says(
                PasidTableEntry.LAYOUT,
                words(0x4d, 0x80_0001, 0x1004_0004),
                "P = 1",
                "AW = 3 (57 bits)",
                "PGTT = 1 (first stage)",
                "DID = 1",
                "PWSNP = 1",
                "FSPM = 1 (5 levels)",
                "FSPTPTR = 0x10040000");
    }

    @Test
    void aFirstStageEntryWithEveryAttribute() {
        says(
                PasidTableEntry.LAYOUT,
                words(0x49, 0x180_0001, 0x1004_0091),
                "P = 1",
                "AW = 2 (48 bits)",
                "PGTT = 1 (first stage)",
                "DID = 1",
                "PWSNP = 1",
                "PGSNP = 1",
                "SRE = 1",
                "WPE = 1",
                "EAFE = 1",
                "FSPTPTR = 0x10040000");
    }

    @Test
    void clearingPLeavesTheOtherFieldsAndFpdCountsAlone() {
        assertThat(PasidTableEntry.P.put(0x49, false)).isEqualTo(0x48);
        assertThat(PasidTableEntry.FPD.encode(true)).isEqualTo(0x2);
    }

    @Test
    void secondStageEntries() {
        says(
                PasidTableEntry.LAYOUT,
                words(0x1008_0289, 0x80_0042),
                "P = 1",
                "AW = 2 (48 bits)",
                "PGTT = 2 (second stage)",
                "SSADE = 1",
                "SSPTPTR = 0x10080000",
                "DID = 0x42",
                "PWSNP = 1");
        says(
                PasidTableEntry.LAYOUT,
                words(0x1008_00c9, 0x80_0042, 0x4_0000),
                "P = 1",
                "AW = 2 (48 bits)",
                "PGTT = 3 (nested)",
                "SSPTPTR = 0x10080000",
                "DID = 0x42",
                "PWSNP = 1",
                "FSPTPTR = 0x40000");
        says(
                PasidTableEntry.LAYOUT,
                words(0x109, 0x80_0001),
                "P = 1",
                "AW = 2 (48 bits)",
                "PGTT = 4 (pass-through)",
                "DID = 1",
                "PWSNP = 1");
    }

    @Test
    void whatOldRevisionsHadInAPasidEntryIsReservedOrIgnored() {
        assertThat(PasidTableEntry.LAYOUT.reservedMask(0)).isEqualTo(0xc20);
        assertThat(PasidTableEntry.LAYOUT.reservedMask(1)).isEqualTo(0xf87f_0000L);
        assertThat(PasidTableEntry.LAYOUT.reservedMask(2)).isEqualTo(0xf02);
        assertThat(PasidTableEntry.LAYOUT.reservedMask(7)).isEqualTo(-1L);
    }

    @Test
    void aLegacyContextEntryNamesItsDomainAndWidth() {
        says(
                LegacyContextEntry.LAYOUT,
                words(0x1008_0001, 0x4202),
                "P = 1",
                "SSPTPTR = 0x10080000",
                "AW = 2 (48 bits)",
                "DID = 0x42");
        says(
                LegacyContextEntry.LAYOUT,
                words(0x9, 0x102),
                "P = 1",
                "TT = 2 (pass-through)",
                "AW = 2 (48 bits)",
                "DID = 1");
        assertThat(LegacyContextEntry.LAYOUT.reservedMask(0)).isEqualTo(0xff0);
        assertThat(LegacyContextEntry.LAYOUT.reservedMask(1)).isEqualTo(-1L << 24 | 0x80);
    }

    @Test
    void theWidthOfAnInputAddressIsItsNumberOfLevels() {
        assertThat(AddressWidth.levels(AddressWidth.BITS_39)).isEqualTo(3);
        assertThat(AddressWidth.bits(AddressWidth.BITS_39)).isEqualTo(39);
        assertThat(AddressWidth.levels(AddressWidth.BITS_57)).isEqualTo(5);
        assertThat(AddressWidth.bits(AddressWidth.BITS_57)).isEqualTo(57);
        assertThat(AddressWidth.isValid(0)).isFalse();
        assertThat(AddressWidth.isValid(4)).isFalse();
    }
}
