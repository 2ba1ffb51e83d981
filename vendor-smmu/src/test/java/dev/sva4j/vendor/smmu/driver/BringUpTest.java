package dev.sva4j.vendor.smmu.driver;

import static dev.sva4j.vendor.smmu.driver.ScriptedSmmu.CR0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.IommuCapabilities.Feature;
import dev.sva4j.testing.WriteBackCheck;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What start() does to registers, in which order, and when it refuses. */
final class BringUpTest {
    private final FakeHost host = new FakeHost();
    private final SmmuDriver driver = new SmmuDriver(host);

    @Test
    void everyStepFindsReadyWhatItMakesHardwareUse() {
        driver.start();

        assertThat(host.smmu.trace)
                .containsExactly(
                        "44=80100000", // GBPA: abort
                        "50=0",
                        "20=0",
                        "64=0",
                        "28=d75",
                        "2c=6",
                        "80=" + Long.toHexString(0x4000_0000_8010_0000L),
                        "88=10210",
                        "90=" + Long.toHexString(0x4000_0000_8010_1008L),
                        "9c=0",
                        "20=8",
                        "0000000000000004 1f", // CFGI_ALL
                        "0000000000000046 0",
                        "0000000000000030 0", // TLBI_NSNH_ALL
                        "0000000000000046 0",
                        "a0=" + Long.toHexString(0x4000_0000_8010_2007L),
                        "100a8=0",
                        "100ac=0",
                        "20=c",
                        "c0=" + Long.toHexString(0x4000_0000_8010_3007L),
                        "100c8=0",
                        "100cc=0",
                        "20=e",
                        "20=1e", // ATSCHK
                        "b0=fee00000",
                        "b8=40",
                        "bc=1",
                        "50=4",
                        "d0=fee00004",
                        "d8=41",
                        "dc=1",
                        "50=6",
                        "68=fee0000c",
                        "70=43",
                        "74=1",
                        "50=7",
                        "20=1f");
    }

    @Test
    void withoutAtsPriAndMessagesTheirRegistersAreLeftAlone() {
        likeQemu();

        driver.start();

        assertThat(host.smmu.writes)
                .extracting(ScriptedSmmu.Write::offset)
                .doesNotContain(0xB0, 0xB8, 0xC0, 0x100C8, 0x100CC, 0xD0, 0x68);
        assertThat(host.smmu.get(CR0)).isEqualTo(0b1101);
        assertThat(host.smmu.get(0x50)).isEqualTo(0b101);
        assertThat(host.handlers).containsOnlyKeys(0, 3);
    }

    /** QEMU: no substreams, TERM_MODEL and STALL_MODEL 1, two-level stream table, queues of up to 2^19. */
    private void likeQemu() {
        host.smmu.set(0x00, 0x1 << 27 | 1 << 26 | 1 << 24 | 2 << 21 | 1 << 12 | 1 << 4 | 2 << 2 | 0b10);
        host.smmu.set(0x04, 19 << 21 | 19 << 16 | 16);
        host.smmu.set(0x0C, 1 << 10);
        host.smmu.set(0x14, 0x74);
    }

    @Test
    void capabilitiesAreThoseOfTheIdRegisters() {
        IommuCapabilities capabilities = driver.start();

        assertThat(capabilities.pasidBits()).isEqualTo(20);
        assertThat(capabilities.inputAddressBits()).isEqualTo(48);
        assertThat(capabilities.outputAddressBits()).isEqualTo(44);
        assertThat(capabilities.features())
                .containsExactlyInAnyOrder(
                        Feature.COHERENT_WALK,
                        Feature.ATS,
                        Feature.PRI,
                        Feature.STALL,
                        Feature.UNTAGGED_PROCESS,
                        Feature.RANGE_INVALIDATION,
                        Feature.SILENT_QUIESCE,
                        Feature.MESSAGE_INTERRUPTS);
    }

    @Test
    void withoutSubstreamsThereAreNoPasids() {
        likeQemu();

        IommuCapabilities capabilities = driver.start();

        assertThat(capabilities.pasidBits()).isZero();
        assertThat(capabilities.features())
                .containsExactlyInAnyOrder(
                        Feature.COHERENT_WALK,
                        Feature.UNTAGGED_PROCESS,
                        Feature.RANGE_INVALIDATION,
                        Feature.SILENT_QUIESCE);
    }

    @ParameterizedTest
    @CsvSource({
        "0x00, 1,  0, IDR0.S1P is 0",
        "0x00, 3,  0, IDR0.TTF is 0",
        "0x00, 22, 1, IDR0.TTENDIAN is 3", // with bit 21, which stays
        "0x14, 4,  0, IDR5.GRAN4K is 0",
        "0x04, 29, 1, QUEUES_PRESET",
        "0x04, 30, 1, TABLES_PRESET",
        "0x04, 24, 0, IDR1.CMDQS is 0",
    })
    void whatCannotBeDoneWithoutIsNamed(int register, int bit, int value, String message) {
        long old = host.smmu.get(register);
        if (bit == 22) {
            old |= 1 << 21;
        }
        host.smmu.set(register, value == 1 ? old | 1L << bit : old & ~(1L << bit));

        assertThatThrownBy(driver::start)
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.UNSUPPORTED))
                .hasMessageContaining("iommu0")
                .hasMessageContaining(message);
        assertThat(host.smmu.writes).isEmpty();
        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void queuesAreNoLargerThanHardwareTakes() {
        host.smmu.set(0x04, 3L << 21 | 2L << 16 | 4L << 11 | 20 << 6 | 16);

        driver.start();

        assertThat(host.smmu.get(ScriptedSmmu.CMDQ_BASE) & 0x1f).isEqualTo(3);
        assertThat(host.smmu.get(ScriptedSmmu.EVENTQ_BASE) & 0x1f).isEqualTo(2);
        assertThat(host.smmu.get(ScriptedSmmu.PRIQ_BASE) & 0x1f).isEqualTo(4);
    }

    @Test
    void aSmallStreamTableIsLinearAndAbortsEverything() {
        host.smmu.set(0x04, ScriptedSmmu.IDR1 & ~0x3fL | 6);

        driver.start();

        assertThat(host.smmu.get(ScriptedSmmu.STRTAB_BASE_CFG)).isEqualTo(6);
        long table = host.smmu.get(ScriptedSmmu.STRTAB_BASE) & 0x00ff_ffff_ffff_ffc0L;
        for (int sid = 0; sid < 64; sid++) {
            assertThat(host.memory.words(table + sid * 64, 8)).containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
        }
    }

    @Test
    void anErrorOfBeforeIsAcknowledgedOrTheQueueWouldNotRun() {
        host.smmu.set(ScriptedSmmu.GERROR, 1);

        driver.start();

        assertThat(host.smmu.get(ScriptedSmmu.GERRORN)).isEqualTo(1);
        assertThat(host.smmu.commands).hasSize(4);
    }

    @Test
    void hardwareThatDoesNotAcknowledgeIsNamedWithTheRegister() {
        host.smmu.set(ScriptedSmmu.CR0ACK, 1);
        host.smmu.acknowledges = false;

        assertThatThrownBy(driver::start)
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.TIMED_OUT))
                .hasMessageContaining("CR0ACK");
        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void commandsThatDoNotCompleteEndTheStartAndUndoIt() {
        host.smmu.holds = true;

        assertThatThrownBy(driver::start)
                .isInstanceOf(SvaException.class)
                .hasMessageContaining("CMD_CFGI_STE_RANGE")
                .hasMessageContaining("iommu0");
        assertThat(host.smmu.get(CR0)).isZero();
        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void outOfMemoryAtAnyPointLeavesHardwareOffAndNothingAllocated() {
        for (int granted = 0; granted < 4; granted++) {
            FakeHost poor = new FakeHost();
            poor.frames.budget = granted;

            assertThatThrownBy(new SmmuDriver(poor)::start)
                    .isInstanceOfSatisfying(
                            SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.NO_MEMORY));
            assertThat(poor.frames.granted).isEqualTo(granted);
            assertThat(poor.frames.allocatedBytes()).isZero();
            assertThat(poor.smmu.get(CR0)).isZero();
        }
    }

    @Test
    void fourAllocationsAreEnough() {
        host.frames.budget = 4;

        driver.start();

        assertThat(host.smmu.get(CR0)).isEqualTo(0x1f);
    }

    @Test
    void closeSwitchesOffAndReturnsEverythingOnce() {
        driver.start();
        host.smmu.writes.clear();

        driver.close();
        driver.close();

        assertThat(host.smmu.writes)
                .isEqualTo(List.of(new ScriptedSmmu.Write(0x50, 0), new ScriptedSmmu.Write(CR0, 0)));
        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void whatHardwareMayStillUseIsNotReturned() {
        driver.start();
        host.smmu.acknowledges = false;

        assertThatThrownBy(driver::close).isInstanceOf(SvaException.class);
        assertThat(host.frames.allocatedBytes()).isPositive();

        host.smmu.acknowledges = true;
        driver.close();
        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void anInterruptThatComesAfterCloseFindsNothingToRead() {
        driver.start();
        driver.close();

        host.interrupt(0);
        host.interrupt(1);

        assertThat(host.faults.delivered).isEmpty();
    }

    @Test
    void nothingWorksBeforeStart() {
        assertThatThrownBy(() -> driver.attachDevice(Fixture.function(1))).isInstanceOf(IllegalStateException.class);
        driver.close();
    }

    @Test
    void withoutCoherenceEveryStoreIsWrittenBackBeforeHardwareLooks() {
        host.smmu.set(0x00, ScriptedSmmu.IDR0 & ~(1L << 4));
        WriteBackCheck check = new WriteBackCheck();
        host.memory.listener = check;

        driver.start();
        driver.attachDevice(Fixture.function(Fixture.SID));

        assertThat(check.stores).isPositive();
        assertThat(check.dirty).isEmpty();
    }
}
