package dev.sva4j.vendor.smmu.layout;

import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_TLBI_EL2_ALL;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_TLBI_EL2_ASID;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_TLBI_EL2_VA;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_TLBI_EL2_VAA;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_TLBI_NH_ALL;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_TLBI_NH_ASID;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_TLBI_NH_VA;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_TLBI_NH_VAA;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_TLBI_NSNH_ALL;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_TLBI_S12_VMALL;
import static dev.sva4j.vendor.smmu.layout.CommandOpcode.CMD_TLBI_S2_IPA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** TLB invalidation among the vectors of the sheet's §12.6. */
class TlbiVectorsTest {

    private static final int ASID = 0x2A;
    private static final long VA = 0x7F12_3456_7000L;
    private static final long BLOCK = 0x7F12_3440_0000L;

    @Test
    void invalidationByTagHasNoAddress() {
        assertCommand(Vector.of(CMD_TLBI_NH_ALL), TlbiCommands.nhAllWord0(0), 0, 0x10, 0);
        assertCommand(
                Vector.of(CMD_TLBI_NH_ASID).with("ASID", ASID),
                TlbiCommands.nhAsidWord0(0, ASID),
                0,
                0x002a_0000_0000_0011L,
                0);
        assertCommand(Vector.of(CMD_TLBI_NSNH_ALL), TlbiCommands.nsnhAllWord0(), 0, 0x30, 0);
        assertCommand(
                Vector.of(CMD_TLBI_S12_VMALL).with("VMID", 7),
                TlbiCommands.s12VmallWord0(7),
                0,
                0x0000_0007_0000_0028L,
                0);
        assertCommand(Vector.of(CMD_TLBI_EL2_ALL), TlbiCommands.el2AllWord0(), 0, 0x20, 0);
        assertCommand(
                Vector.of(CMD_TLBI_EL2_ASID).with("ASID", ASID),
                TlbiCommands.el2AsidWord0(ASID),
                0,
                0x002a_0000_0000_0021L,
                0);
    }

    @Test
    void invalidationByAddressCoversOnePageOrBlock() {
        long leaf = TlbiCommands.addressWord1(VA, true);
        assertCommand(
                Vector.of(CMD_TLBI_NH_VA).with("ASID", ASID).with("Leaf", 1).with("Address", VA),
                TlbiCommands.nhVaWord0(0, ASID),
                leaf,
                0x002a_0000_0000_0012L,
                0x0000_7f12_3456_7001L);
        assertCommand(
                Vector.of(CMD_TLBI_NH_VAA).with("Address", VA),
                TlbiCommands.nhVaaWord0(0),
                TlbiCommands.addressWord1(VA, false),
                0x13,
                0x0000_7f12_3456_7000L);
        assertCommand(
                Vector.of(CMD_TLBI_EL2_VA).with("ASID", ASID).with("Leaf", 1).with("Address", VA),
                TlbiCommands.el2VaWord0(ASID),
                leaf,
                0x002a_0000_0000_0022L,
                0x0000_7f12_3456_7001L);
        assertCommand(
                Vector.of(CMD_TLBI_EL2_VAA).with("Leaf", 1).with("Address", VA),
                TlbiCommands.el2VaaWord0(),
                leaf,
                0x23,
                0x0000_7f12_3456_7001L);
    }

    @Test
    void invalidationByIpaNamesTheVirtualMachine() {
        assertCommand(
                Vector.of(CMD_TLBI_S2_IPA).with("VMID", 7).with("Leaf", 1).with("Address", 0x4050_0000L),
                TlbiCommands.s2IpaWord0(7),
                TlbiCommands.s2IpaWord1(0x4050_0000L, true),
                0x0000_0007_0000_002aL,
                0x4050_0001);
        assertThatIllegalArgumentException().isThrownBy(() -> TlbiCommands.s2IpaWord1(1L << 56, true));
    }

    @Test
    void aCommandIsStoredLittleEndian() {
        ByteBuffer memory = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        memory.putLong(TlbiCommands.nhVaWord0(0, ASID)).putLong(TlbiCommands.addressWord1(VA, true));
        assertThat(HexFormat.ofDelimiter(" ").formatHex(memory.array()))
                .isEqualTo("12 00 00 00 00 00 2a 00 01 70 56 34 12 7f 00 00");
    }

    @Test
    void vmidAndAsidAreBothInTheFirstWord() {
        assertThat(TlbiCommands.nhVaWord0(0xffff, 0)).isEqualTo(0x0000_ffff_0000_0012L);
        assertThat(TlbiCommands.nhAsidWord0(7, ASID)).isEqualTo(0x002a_0007_0000_0011L);
        assertThat(TlbiCommands.nhAllWord0(7)).isEqualTo(0x0000_0007_0000_0010L);
        assertThat(TlbiCommands.nhVaaWord0(7)).isEqualTo(0x0000_0007_0000_0013L);
    }

    @Test
    void aVmidReachesItsNeighboursOnlyThroughTheWildcard() {
        long word0 = TlbiCommands.nhAllWord0(0x34);
        assertThat(TlbiCommands.reachesVmid(word0, 0x34, 0)).isTrue();
        assertThat(TlbiCommands.reachesVmid(word0, 0x35, 0)).isFalse();
        long wildcard = ControlRegisters.CR0_VMW.encode(4);
        assertThat(TlbiCommands.reachesVmid(word0, 0x3f, wildcard)).isTrue();
        assertThat(TlbiCommands.reachesVmid(word0, 0x40, wildcard)).isFalse();
    }

    @Test
    void aRangeOfOneLeafPageNamesGranuleAndLevel() {
        assertThat(range(VA, 1, 12, true)).containsExactly("002a000000000012 00007f1234567701");
        Vector.of(CMD_TLBI_NH_VA)
                .with("ASID", ASID)
                .with("Leaf", 1)
                .with("TTL", 3)
                .with("TG", 1)
                .with("Address", VA)
                .is(0x002a_0000_0000_0012L, 0x0000_7f12_3456_7701L);
    }

    @Test
    void aRangeOfUnknownLevelGrowsByAPageRatherThanUseTheReservedEncoding() {
        assertThat(range(VA, 1, 0, false)).containsExactly("002a000000100012 00007f1234567400");
        assertThat(range(BLOCK, 33, 0, false)).containsExactly("002a000000110012 00007f1234400400");
        Vector.of(CMD_TLBI_NH_VA)
                .with("NUM", 16)
                .with("SCALE", 1)
                .with("ASID", ASID)
                .with("TG", 1)
                .with("Address", BLOCK)
                .is(0x002a_0000_0011_0012L, 0x0000_7f12_3440_0400L);
    }

    @Test
    void aRangeIsSentFromItsLowestBitsUpwards() {
        assertThat(range(BLOCK, 67, 0, false))
                .containsExactly("002a000000002012 00007f1234400400", "002a000000600012 00007f1234403400");
    }

    @Test
    void aLargeLeafIsARangeWithItsLevel() {
        assertThat(range(BLOCK, 512, 21, true)).containsExactly("002a000000900012 00007f1234400601");
        assertThat(TlbiRange.bytes(0x002a_0000_0090_0012L, Granule.KIB_4)).isEqualTo(0x20_0000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlbiRange.withHint(0, Granule.KIB_4, 39))
                .withMessageContaining("KIB_4");
        assertThatIllegalArgumentException().isThrownBy(() -> TlbiRange.withHint(0, Granule.KIB_4, 22));
    }

    @Test
    void theCommandsOfARangeCoverItExactly() {
        for (Granule granule : Granule.values()) {
            for (long pages : new long[] {1, 2, 31, 32, 33, 67, 1023, 1024, 0x12345, 0x7fff_ffff}) {
                long covered = 0;
                for (long left = pages; left > 0; left -= TlbiRange.granules(left)) {
                    long word0 = TlbiRange.withGranules(TlbiCommands.nhVaaWord0(0), left);
                    assertThat(TlbiRange.bytes(word0, granule)).isEqualTo(TlbiRange.granules(left) * granule.bytes());
                    covered += TlbiRange.granules(left);
                }
                assertThat(covered).isEqualTo(pages);
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> TlbiRange.withGranules(0, 0));
    }

    @Test
    void withoutALevelNoCommandOfARangeIsReserved() {
        for (long pages = 1; pages < 5000; pages++) {
            long left = TlbiRange.avoidReserved(pages);
            assertThat(left).isBetween(pages, pages + 1);
            for (; left > 0; left -= TlbiRange.granules(left)) {
                long word0 = TlbiRange.withGranules(0, left);
                assertThat(TlbiRange.isReserved(word0, TlbiRange.withHint(0, Granule.KIB_4, 0)))
                        .isFalse();
            }
        }
        assertThat(TlbiRange.isReserved(0x12, 0x400)).isTrue();
        assertThat(TlbiRange.isReserved(0x12, 0x700)).isFalse();
        assertThat(TlbiRange.isReserved(0x12, 0)).isFalse();
    }

    @Test
    void aCommandWithoutGranuleHasNoRange() {
        assertThat(TlbiRange.granule(0x0000_7f12_3456_7001L)).isNull();
        assertThat(TlbiRange.granule(0x0000_7f12_3456_7701L)).isEqualTo(Granule.KIB_4);
        assertThat(TlbiRange.granule(0xc00)).isEqualTo(Granule.KIB_64);
    }

    @Test
    void aRangeBeyondTheAddressSpaceDoesNotOverflow() {
        long largest = Command.SCALE.encode(63) | Command.NUM.encode(31);
        assertThat(TlbiRange.bytes(largest, Granule.KIB_64)).isEqualTo(Long.MAX_VALUE);
        assertThat(TlbiRange.bytes(Command.SCALE.encode(50), Granule.KIB_4)).isEqualTo(1L << 62);
        assertThat(TlbiRange.bytes(Command.SCALE.encode(51), Granule.KIB_4)).isEqualTo(Long.MAX_VALUE);
        assertThat(TlbiRange.bytes(Command.SCALE.encode(50) | Command.NUM.encode(1), Granule.KIB_4))
                .isEqualTo(Long.MAX_VALUE);
    }

    /** What a driver does for a range of pages, as words in hexadecimal. */
    private static List<String> range(long address, long pages, int log2Leaf, boolean leaf) {
        List<String> commands = new ArrayList<>();
        long start = address;
        for (long left = log2Leaf == 0 ? TlbiRange.avoidReserved(pages) : pages; left > 0; ) {
            long word0 = TlbiRange.withGranules(TlbiCommands.nhVaWord0(0, ASID), left);
            long word1 = TlbiRange.withHint(TlbiCommands.addressWord1(start, leaf), Granule.KIB_4, log2Leaf);
            commands.add(String.format("%016x %016x", word0, word1));
            start += TlbiRange.granules(left) * Granule.KIB_4.bytes();
            left -= TlbiRange.granules(left);
        }
        return commands;
    }

    private static void assertCommand(Vector fields, long word0, long word1, long expected0, long expected1) {
        assertThat(word0).isEqualTo(expected0);
        assertThat(word1).isEqualTo(expected1);
        fields.is(expected0, expected1);
    }
}
