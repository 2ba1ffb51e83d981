package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.hardware.TestAmd.DEVICE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.DTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PA;
import static dev.sva4j.vendor.amd.hardware.TestAmd.VA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.CompletionStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guest tables below a host table (AMD-Vi 2.2.6): every pointer and the final address go through the host table. */
class NestedWalkTest {
    private static final int PASID = 0x45;

    /** The guest has its tables from 0x8012400000 on, which the host has at 0x40200000. */
    private static final long LEAF = 0x4020_3b38L;

    private final TestAmd amd = TestAmd.running();

    @BeforeEach
    void writeTables() {
        amd.memory.put(DTE, 0x6090001234567803L, 0x0000400100000043L);
        amd.memory.put(0x4_0000_0228L, 0x0000008012400001L);
        amd.memory.put(0x4020_07f0L, 0x0000008012401007L);
        amd.memory.put(0x4020_1240L, 0x0000008012402007L);
        amd.memory.put(0x4020_2d10L, 0x0000008012403007L);
        amd.memory.put(LEAF, 0x0000008012345007L, 0x0000008012346007L);
    }

    @Test
    void aGuestPhysicalPageIsWhereTheHostHasIt() {
        assertThat(amd.read(PASID, VA)).isEqualTo(PA);
        assertThat(amd.events()).isEmpty();
    }

    @Test
    void guestTablesAreMarkedWhereTheHostHasThem() {
        amd.write(DEVICE, PASID, VA);
        assertThat(amd.memory.load(0x4020_07f0L)).isEqualTo(0x8012401027L);
        assertThat(amd.memory.load(LEAF)).isEqualTo(0x8012345067L);
    }

    @Test
    void aPageThatTheHostHasReadOnlyIsRead() {
        assertThat(amd.read(PASID, VA + 0x1000)).isEqualTo(0xabcd_fabcL);
    }

    @Test
    void aWriteThatOnlyTheGuestAllowsIsAFaultOfTheDomain() {
        assertThat(amd.write(DEVICE, PASID, VA + 0x1000)).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(amd.events()).containsExactly("2070004300000300 0000008012346abc");
    }

    @Test
    void aWriteThatOnlyTheHostAllowsIsAFaultOfThePasid() {
        amd.memory.put(LEAF, 0x0000008012345005L);
        assertThat(amd.write(DEVICE, PASID, VA)).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        assertThat(amd.events()).containsExactly("2075004500000300 00007f1234567abc");
    }
}
