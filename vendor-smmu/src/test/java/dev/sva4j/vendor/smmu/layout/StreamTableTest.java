package dev.sva4j.vendor.smmu.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors R1, R4 and R5, and what hardware makes of odd values. */
class StreamTableTest {

    private static final long BASE = 0x8010_0000L;
    private static final long L2 = 0x8030_0000L;
    private static final long CFG_SPLIT8 = 0x0001_0210;

    @Test
    void aDescriptorOf256EntriesHasSpan9() {
        assertThat(L1StreamTableDescriptor.encode(L2, 8)).isEqualTo(0x8030_0009L);
        Vector.of(L1StreamTableDescriptor.LAYOUT)
                .with("Span", 9)
                .with("L2Ptr", L2)
                .is(0x8030_0009L);
        assertThat(L1StreamTableDescriptor.entries(0x8030_0009L)).isEqualTo(256);
        assertThat(L1StreamTableDescriptor.table(0x8030_0009L)).isEqualTo(L2);
    }

    @Test
    void aStreamIdIsSplitIntoTwoIndexes() {
        assertThat(StreamTable.l1Index(0x1234, 8)).isEqualTo(0x12);
        assertThat(StreamTable.l2Index(0x1234, 8)).isEqualTo(0x34);
        assertThat(StreamTable.l1Address(BASE, 0x1234, 8)).isEqualTo(0x8010_0090L);
        assertThat(StreamTable.l2Address(L2, 0x1234, 8)).isEqualTo(0x8030_0D00L);
        assertThat(StreamTable.linearAddress(BASE, 0x1234)).isEqualTo(0x8014_8D00L);
    }

    @Test
    void theLargestStreamIdHasAnAddress() {
        assertThat(StreamTable.linearAddress(0, 0xffff_ffffL)).isEqualTo(0x3f_ffff_ffc0L);
        assertThat(StreamTable.l1Address(0, 0xffff_ffffL, 6)).isEqualTo(0x1fff_fff8L);
    }

    @ParameterizedTest(name = "Span {0}: {1} entries")
    @CsvSource({"0, 0", "1, 1", "2, 2", "9, 256", "11, 1024", "12, 0", "31, 0"})
    void spanSaysHowManyEntriesAndReservedSpansSayNone(int span, long entries) {
        assertThat(L1StreamTableDescriptor.entries(L1StreamTableDescriptor.SPAN.encode(span)))
                .isEqualTo(entries);
    }

    @Test
    void pointerBitsBelowTheSizeOfTheTableAreIgnored() {
        assertThat(L1StreamTableDescriptor.table(0x8030_3fc9L)).isEqualTo(L2);
        assertThat(L1StreamTableDescriptor.table(0x8030_3fc1L)).isEqualTo(0x8030_3fc0L);
    }

    @ParameterizedTest(name = "SPLIT {0} acts as {1}")
    @CsvSource({"6, 6", "8, 8", "10, 10", "0, 6", "7, 6", "11, 6", "31, 6"})
    void aReservedSplitActsAs6(int written, int effective) {
        assertThat(StreamTable.split(StreamTableRegisters.STRTAB_BASE_CFG_SPLIT.encode(written)))
                .isEqualTo(effective);
    }

    @Test
    void theBaseIsAlignedToTheSizeOfTheTable() {
        long everyBit = StreamTableRegisters.STRTAB_BASE_ADDR.mask();
        long twoLevel = StreamTable.base(everyBit, CFG_SPLIT8);
        assertThat(twoLevel).isEqualTo(everyBit & -2048).isEqualTo(everyBit & -StreamTable.l1Bytes(16, 8));
        assertThat(StreamTable.base(everyBit, 0x10)).as("linear, 2^16").isEqualTo(everyBit & -0x40_0000L);
        assertThat(StreamTable.base(everyBit, 0x1_0188))
                .as("first level smaller than 64 bytes")
                .isEqualTo(everyBit);
        assertThat(StreamTable.base(0x4000_0000_8010_0000L, CFG_SPLIT8)).isEqualTo(BASE);
    }

    @Test
    void theTableIsNoLargerThanTheImplementationAllows() {
        long idr1 = 0x0907_3D10;
        assertThat(StreamTable.log2Size(0x1f, idr1)).isEqualTo(16);
        assertThat(StreamTable.log2Size(0x0a, idr1)).isEqualTo(10);
        assertThat(StreamTable.contains(0x3ff, 10)).isTrue();
        assertThat(StreamTable.contains(0x400, 10)).isFalse();
        assertThat(StreamTable.contains(0xffff_ffffL, 32)).isTrue();
    }

    @Test
    void aTableIsAsLargeAsItsEntries() {
        assertThat(StreamTable.linearBytes(16)).isEqualTo(0x40_0000);
        assertThat(StreamTable.l1Bytes(16, 8)).isEqualTo(0x800);
        assertThat(StreamTable.l1Bytes(6, 8)).as("at least one line").isEqualTo(64);
        assertThat(StreamTable.l2Bytes(8)).isEqualTo(0x4000);
    }

    @Test
    void onlyFormat1HasTwoLevels() {
        assertThat(StreamTable.isTwoLevel(CFG_SPLIT8)).isTrue();
        assertThat(StreamTable.isTwoLevel(0x0000_0210)).isFalse();
        assertThat(StreamTable.isTwoLevel(0x0002_0210)).isFalse();
    }
}
