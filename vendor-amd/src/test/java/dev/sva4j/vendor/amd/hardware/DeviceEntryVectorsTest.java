package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.hardware.TestAmd.DEVICE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.DTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PASID;
import static dev.sva4j.vendor.amd.hardware.TestAmd.VA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.Pasid;
import org.junit.jupiter.api.Test;

/** GCR3 roots in their three pieces, and GIoV, in entries of the device table (AMD-Vi 2.2.2). */
class DeviceEntryVectorsTest {
    private static final FeatureRegisters FIVE_LEVELS = new FeatureRegisters(0x0005_4233_0000_985aL, 0);

    @Test
    void theGcr3RootIsPutTogetherOfThreePieces() {
        TestAmd amd = TestAmd.running();
        amd.memory.put(DTE, 0x7190000000000003L, 0xabcde801e2461234L, 0, 0);
        amd.read(PASID, VA);
        // There is no memory, which tells where it was looked for: the root and 0x91 entries.
        assertThat(amd.events()).containsExactly("4401234500010300 000abcdef1234488");
    }

    @Test
    void theLargestGcr3RootHas52Bits() {
        TestAmd amd = TestAmd.running();
        amd.memory.put(DTE, 0x7ef0000020000803L, 0xfffff805ffffffffL, 0, 0);
        amd.read(0xabcde, VA);
        assertThat(amd.events()).containsExactly("4401bcde000a0300 000ffffffffff010");
    }

    @Test
    void withGIoVRequestsWithoutPasidAreThoseOfPasid0() {
        TestAmd amd = TestAmd.running(Behaviour.TYPICAL, FIVE_LEVELS);
        amd.memory.put(DTE, 0x64c0000000000003L, 0x0000100110840007L, 0x0040000000000000L, 0);
        amd.memory.put(0x1_0842_1000L, 0x0000000300001001L);
        amd.memory.put(0x3_0000_17f0L, 0x0000000300002007L);
        amd.memory.put(0x3_0000_2dc8L, 0x0000000300003007L);
        amd.memory.put(0x3_0000_3750L, 0x0000000300004007L);
        amd.memory.put(0x3_0000_4618L, 0x0000000300005007L);
        amd.memory.put(0x3_0000_5b28L, 0x0000000055555027L);
        assertThat(amd.translate(DEVICE, Pasid.NONE, 0x00fe_dcba_9876_5432L, Access.READ))
                .isEqualTo(0x5555_5432L);
    }
}
