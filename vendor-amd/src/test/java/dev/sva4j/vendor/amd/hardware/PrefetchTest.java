package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.hardware.TestAmd.PA;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PASID;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.VA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import org.junit.jupiter.api.Test;

/** PREFETCH_IOMMU_PAGES (AMD-Vi 2.4), which exists if EFR.PreFSup is 1. */
class PrefetchTest {
    private static final FeatureRegisters WITH_PREFETCH = new FeatureRegisters(0x0005_4233_0000_885bL, 0);

    /** Four pages of the PASID, of which the last two are not mapped. */
    private static final long WORD0 = 0x6001234504000300L;

    private static final long AND_INVALIDATE = 0x00007f1234567014L;
    private static final long ONLY_FETCH = 0x00007f1234567004L;

    private final TestAmd amd = TestAmd.running(Behaviour.TYPICAL, WITH_PREFETCH);

    @Test
    void pagesAreInTheTlbAfterwards() {
        amd.command(WORD0, ONLY_FETCH);
        amd.memory.put(PTE, 0, 0);
        assertThat(amd.read(PASID, VA)).isEqualTo(PA);
        assertThat(amd.read(PASID, VA + 0x1000)).isEqualTo(0xabcd_fabcL);
    }

    @Test
    void pagesThatAreNotThereLeaveNoEvent() {
        amd.command(WORD0, ONLY_FETCH);
        assertThat(amd.events()).isEmpty();
    }

    @Test
    void invalReplacesWhatWasThere() {
        amd.read(PASID, VA);
        amd.memory.put(PTE, 0x80000000abcdd007L);
        amd.command(WORD0, AND_INVALIDATE);
        assertThat(amd.read(PASID, VA)).isEqualTo(0xabcd_dabcL);
    }

    @Test
    void withoutInvalItStays() {
        amd.read(PASID, VA);
        amd.memory.put(PTE, 0x80000000abcdd007L);
        amd.command(WORD0, ONLY_FETCH);
        assertThat(amd.read(PASID, VA)).isEqualTo(PA);
    }

    @Test
    void withoutPreFSupItIsIllegal() {
        TestAmd plain = TestAmd.running();
        plain.command(WORD0, ONLY_FETCH);
        assertThat(plain.events()).containsExactly("5000000000000000 0000000000100000");
    }
}
