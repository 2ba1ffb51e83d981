package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.hardware.TestAmd.DEVICE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.DTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PA;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PASID;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PDE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PDPTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PML4E;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.VA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import org.junit.jupiter.api.Test;

/** Guest walks: what they find, what they mark, and how they fail. Tables and events were not computed by this code. */
class GuestWalkVectorsTest {
    private final TestAmd amd = TestAmd.running();

    private long[] entries() {
        return new long[] {amd.memory.load(PML4E), amd.memory.load(PDPTE), amd.memory.load(PDE), amd.memory.load(PTE)};
    }

    @Test
    void aReadMarksEveryLevelAccessed() {
        assertThat(amd.read(PASID, VA)).isEqualTo(PA);
        assertThat(entries()).containsExactly(0x108424027L, 0x108425027L, 0x108426027L, 0x80000000abcde027L);
    }

    @Test
    void aWriteMarksTheLeafDirtyToo() {
        assertThat(amd.translate(DEVICE, PASID, VA, Access.WRITE)).isEqualTo(PA);
        assertThat(entries()).containsExactly(0x108424027L, 0x108425027L, 0x108426027L, 0x80000000abcde067L);
    }

    @Test
    void aWriteThroughACachedCleanLeafMarksItDirty() {
        amd.read(PASID, VA);
        amd.translate(DEVICE, PASID, VA, Access.WRITE);
        assertThat(amd.memory.load(PTE)).isEqualTo(0x80000000abcde067L);
    }

    @Test
    void aWalkThatFaultsMarksNothing() {
        amd.write(DEVICE, PASID, 0x7f12_3456_8abcL);
        assertThat(entries()).containsExactly(0x108424007L, 0x108425007L, 0x108426007L, 0x80000000abcde007L);
    }

    @Test
    void aReadOnlyPageIsRead() {
        assertThat(amd.read(PASID, 0x7f12_3456_8abcL)).isEqualTo(0xabcd_fabcL);
    }

    @Test
    void aWriteOfAReadOnlyPageIsEventE2() {
        assertThat(amd.write(DEVICE, PASID, 0x7f12_3456_8abcL)).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(amd.events()).containsExactly("2075234500010300 00007f1234568abc");
    }

    @Test
    void twoMebibytes() {
        assertThat(amd.translate(DEVICE, PASID, 0x7f12_3461_2345L, Access.WRITE))
                .isEqualTo(0xc001_2345L);
        assertThat(amd.memory.load(PDE + 8)).isEqualTo(0xc00000e7L);
    }

    @Test
    void oneGibibyte() {
        assertThat(amd.read(PASID, 0x7f12_4123_4567L)).isEqualTo(0x1_4123_4567L);
        assertThat(amd.memory.load(PDPTE + 8)).isEqualTo(0x1400000a7L);
    }

    @Test
    void aWriteOfAPageThatIsNotPresentIsEventE1() {
        amd.memory.put(PTE, 0);
        amd.write(DEVICE, PASID, VA);
        assertThat(amd.events()).containsExactly("2025234500010300 00007f1234567abc");
    }

    @Test
    void aPasidWithoutEntryIsEventE3() {
        amd.read(0x12346, VA);
        assertThat(amd.events()).containsExactly("2005234600010300 00007f1234567abc");
    }

    @Test
    void aPasidBeyondTheTableIsNotPresent() {
        amd.read(0x40000, VA);
        assertThat(amd.events()).containsExactly("2005000000040300 00007f1234567abc");
    }

    @Test
    void anAddressThatIsNotCanonicalIsNotPresent() {
        amd.read(PASID, 0x0000_8000_0000_0000L);
        assertThat(amd.events()).containsExactly("2005234500010300 0000800000000000");
    }

    @Test
    void aTableThatIsNotThereIsEventE10() {
        amd.memory.hole(0x8000_7000L, 4096);
        amd.memory.put(PML4E, 0x8000_7007L);
        amd.memory.put(PML4E + 8, 0);
        amd.write(DEVICE, PASID, 0x7f00_4000_0abcL);
        assertThat(amd.events()).containsExactly("4421234500010300 0000000080007008");
    }

    @Test
    void threeLevelsOfGcr3Table() {
        amd.memory.put(DTE, 0x6280000000000003L, gcr3(0x2_0000_0000L));
        amd.memory.put(0x2_0000_0010L, 0x0000000200001001L);
        amd.memory.put(0x2_0000_1af0L, 0x0000000200002001L);
        amd.memory.put(0x2_0000_26f0L, 0x0000000108423001L);
        assertThat(amd.read(0xABCDE, VA)).isEqualTo(PA);
    }

    private static long gcr3(long root) {
        return 0x1_0000_0007L | (root >>> 15 & 0xffff) << 16 | (root >>> 31) << 43;
    }

    @Test
    void fiveLevels() {
        TestAmd five = TestAmd.running(Behaviour.TYPICAL, new FeatureRegisters(0x0017002f0000585aL, 0));
        five.memory.put(DTE, 0x64c0000000000003L, 0x0000100110840007L, 0x0040000000000000L, 0);
        five.memory.put(0x1_0842_1028L, 0x0000000300001001L);
        five.memory.put(0x3_0000_17f0L, 0x0000000300002007L);
        five.memory.put(0x3_0000_2dc8L, 0x0000000300003007L);
        five.memory.put(0x3_0000_3750L, 0x0000000300004007L);
        five.memory.put(0x3_0000_4618L, 0x0000000300005007L);
        five.memory.put(0x3_0000_5b28L, 0x0000000055555027L);
        assertThat(five.read(5, 0x00fe_dcba_9876_5432L)).isEqualTo(0x5555_5432L);
    }
}
