package dev.sva4j.vendor.smmu.layout;

import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.S1FMT_4KB_L2;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.S1FMT_64KB_L2;
import static dev.sva4j.vendor.smmu.layout.StreamTableEntry.S1FMT_LINEAR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** Vector R6 and the other shapes. */
class ContextDescriptorTableTest {

    private static final long TABLE = 0x8050_0000L;
    private static final long LEAF = 0x8051_0000L;
    private static final int SSID = 0xC05;

    @Test
    void aLeafPointerIsValidWithBit0() {
        assertThat(L1ContextDescriptor.encode(LEAF)).isEqualTo(0x8051_0001L);
        Vector.of(L1ContextDescriptor.LAYOUT).with("V", 1).with("L2Ptr", LEAF).is(0x8051_0001L);
    }

    @Test
    void aTwoLevelTableWith64KibLeavesIsSplitAtBit10() {
        assertThat(ContextDescriptorTable.firstAddress(TABLE, SSID, 20, S1FMT_64KB_L2))
                .isEqualTo(0x8050_0018L);
        assertThat(ContextDescriptorTable.leafAddress(LEAF, SSID, S1FMT_64KB_L2))
                .isEqualTo(0x8051_0140L);
        assertThat(ContextDescriptorTable.leafEntries(S1FMT_64KB_L2)).isEqualTo(1024);
        assertThat(ContextDescriptorTable.leafBytes(S1FMT_64KB_L2)).isEqualTo(0x1_0000);
    }

    @Test
    void aTwoLevelTableWith4KibLeavesIsSplitAtBit6() {
        assertThat(ContextDescriptorTable.firstAddress(TABLE, SSID, 20, S1FMT_4KB_L2))
                .isEqualTo(TABLE + 0x30 * 8);
        assertThat(ContextDescriptorTable.leafAddress(LEAF, SSID, S1FMT_4KB_L2)).isEqualTo(LEAF + 5 * 64);
        assertThat(ContextDescriptorTable.leafBytes(S1FMT_4KB_L2)).isEqualTo(0x1000);
    }

    @Test
    void aLinearTableIsIndexedDirectly() {
        assertThat(ContextDescriptorTable.firstAddress(TABLE, SSID, 12, S1FMT_LINEAR))
                .isEqualTo(TABLE + 0xC05 * 64);
        assertThat(ContextDescriptorTable.firstAddress(TABLE, SSID, 12, 3))
                .as("the reserved format acts as linear")
                .isEqualTo(TABLE + 0xC05 * 64);
    }

    @Test
    void withoutSubstreamsThereIsOneDescriptorWhateverTheFormat() {
        for (int fmt = 0; fmt < 4; fmt++) {
            assertThat(ContextDescriptorTable.isTwoLevel(0, fmt)).isFalse();
            assertThat(ContextDescriptorTable.firstAddress(TABLE, 0, 0, fmt)).isEqualTo(TABLE);
            assertThat(ContextDescriptorTable.rootBytes(0, fmt)).isEqualTo(64);
        }
    }

    @Test
    void aSmallTwoLevelTableStillHasItsFirstLevel() {
        assertThat(ContextDescriptorTable.isTwoLevel(4, S1FMT_64KB_L2)).isTrue();
        assertThat(ContextDescriptorTable.firstAddress(TABLE, 15, 4, S1FMT_64KB_L2))
                .isEqualTo(TABLE);
        assertThat(ContextDescriptorTable.rootBytes(4, S1FMT_64KB_L2)).isEqualTo(64);
    }

    @Test
    void theRootIsAlignedToItsSize() {
        assertThat(ContextDescriptorTable.rootBytes(6, S1FMT_LINEAR)).isEqualTo(0x1000);
        assertThat(ContextDescriptorTable.rootBytes(20, S1FMT_LINEAR)).isEqualTo(0x400_0000);
        assertThat(ContextDescriptorTable.rootBytes(20, S1FMT_64KB_L2)).isEqualTo(0x2000);
        assertThat(ContextDescriptorTable.rootBytes(20, S1FMT_4KB_L2)).isEqualTo(0x2_0000);
    }

    @Test
    void aSubstreamIdMustBeBelowTwoToTheS1CdMax() {
        assertThat(ContextDescriptorTable.contains(0, 0)).isTrue();
        assertThat(ContextDescriptorTable.contains(1, 0)).isFalse();
        assertThat(ContextDescriptorTable.contains(0xf_ffff, 20)).isTrue();
        assertThat(ContextDescriptorTable.contains(0x400, 10)).isFalse();
    }

    @Test
    void aLinearTableHasNoLeaves() {
        assertThatIllegalArgumentException().isThrownBy(() -> ContextDescriptorTable.leafBytes(S1FMT_LINEAR));
    }
}
