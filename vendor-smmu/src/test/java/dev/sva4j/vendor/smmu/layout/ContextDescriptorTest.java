package dev.sva4j.vendor.smmu.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors C1 to C8, and descriptors that Linux wrote for QEMU. */
class ContextDescriptorTest {

    private static final long TTB0 = 0x8123_4000L;

    @Test
    void aProcessIsDescribedByTtb0Alone() {
        Entries.C1_SVA.is(0x002a_e204_c000_3510L, TTB0, 0, Entries.MAIR);
    }

    @Test
    void aStallingProcessDiffersInSOnly() {
        Entries.C1_SVA.with("S", 1).is(0x002a_f204_c000_3510L, TTB0, 0, Entries.MAIR);
    }

    @Test
    void aSharedAsidDiffersInAsetOnly() {
        Entries.C1_SVA.with("ASET", 0).is(0x002a_6204_c000_3510L, TTB0, 0, Entries.MAIR);
    }

    @Test
    void aQuietDescriptorIsValidWithBothHalvesOff() {
        Entries.C4_QUIET.is(0x002a_c204_c000_4000L, 0, 0, Entries.MAIR);
    }

    @Test
    void aQuietDescriptorKeepsStallAndRecordWhereStallIsForced() {
        Entries.C5_QUIET_STALL_FORCED.is(0x002a_f204_c000_4000L, 0, 0, Entries.MAIR);
    }

    @Test
    void hardwareDirtyStateIsBit42AndTheAccessFlagBit43() {
        Entries.C1_SVA
                .with("HA", 1)
                .with("HD", 1)
                .with("ASID", 0x2B)
                .with("TTB0", 0x8130_0000L)
                .with("MAIR", 0xF404_FF44L)
                .is(0x002b_ee04_c000_3510L, 0x8130_0000L, 0, 0xf404_ff44L);
        assertThat(ContextDescriptor.HD.lo()).isEqualTo(42);
        assertThat(ContextDescriptor.HA.lo()).isEqualTo(43);
    }

    @Test
    void tg0SaysOneFor64KibAndTwoFor16Kib() {
        Vector ips48 = Entries.C1_SVA.with("IPS", AddressSize.encoding(48));
        ips48.with("TG0", Granule.KIB_64.tg0()).is(0x002a_e205_c000_3550L, TTB0, 0, Entries.MAIR);
        ips48.with("TG0", Granule.KIB_16.tg0()).is(0x002a_e205_c000_3590L, TTB0, 0, Entries.MAIR);
    }

    /** T0SZ 4 is not legal; the vector is about positions. */
    @Test
    void everyFieldOfTheKunitDescriptorIsInItsPlace() {
        Vector kunit = Entries.C1_SVA
                .with("T0SZ", 4)
                .with("TG0", 2)
                .with("IR0", 2)
                .with("OR0", 1)
                .with("SH0", 3)
                .with("IPS", 1)
                .with("TTB0", 0x000d_beef_dead_bee0L)
                .with("MAIR", 0x0abc_def0_1234_5678L);
        kunit.with("ASID", 778).is(0x030a_e201_c000_3684L, 0x000d_beef_dead_bee0L, 0, 0x0abc_def0_1234_5678L);
        kunit.with("ASID", 1997).is(0x07cd_e201_c000_3684L, 0x000d_beef_dead_bee0L, 0, 0x0abc_def0_1234_5678L);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "00:03.0, 0x0004e204c0003510, 4, 0x101ea4000",
        "00:04.0, 0x0005e204c0003510, 5, 0x101fd2000",
        "00:05.0, 0x0001e204c0003510, 1, 0x101e03000",
        "00:06.0, 0x0006e204c0003510, 6, 0x101f3b000",
        "00:07.0, 0x0007e204c0003510, 7, 0x101f2b000",
    })
    void aDescriptorWrittenByLinuxIsReadBack(String device, long word0, int asid, long root) {
        Entries.C1_SVA
                .with("ASID", asid)
                .with("TTB0", root)
                .with("MAIR", 0xffff_ffff_f404_ff44L)
                .is(word0, root, 0, 0xffff_ffff_f404_ff44L);
        assertThat(ContextDescriptor.inputBits0(word0)).isEqualTo(48);
        assertThat(Granule.ofTg0(ContextDescriptor.TG0.get(word0))).isEqualTo(Granule.KIB_4);
        assertThat(Granule.KIB_4.startLevel(48)).isZero();
        assertThat(AddressSize.bits(ContextDescriptor.IPS.get(word0))).isEqualTo(44);
    }

    @Test
    void inputSizesAreWhatIsLeftOf64Bits() {
        assertThat(ContextDescriptor.inputBits0(0x19)).isEqualTo(39);
        assertThat(ContextDescriptor.inputBits1(0x19_0000)).isEqualTo(39);
        assertThat(ContextDescriptor.sizeField(39)).isEqualTo(25);
    }

    @Test
    void mairHasOneByteForEachAttribute() {
        assertThat(ContextDescriptor.memoryAttribute(Entries.MAIR, 0)).isEqualTo(0xff);
        assertThat(ContextDescriptor.memoryAttribute(Entries.MAIR, 2)).isEqualTo(0x44);
        assertThat(ContextDescriptor.memoryAttribute(Entries.MAIR, 4)).isEqualTo(0x04);
        assertThat(ContextDescriptor.memoryAttribute(0xff00_0000_0000_0000L, 7)).isEqualTo(0xff);
    }
}
