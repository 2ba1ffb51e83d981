package dev.sva4j.vendor.vtd.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.IommuCapabilities.Feature;
import dev.sva4j.spi.pagetable.X86_64;
import dev.sva4j.testing.WriteBackCheck;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What start() does to registers, in which order, and when it refuses. */
final class BringUpTest {
    private static final int FRAMES = 4;

    private final FakeHost host = new FakeHost();
    private final ScriptedVtd vtd = host.vtd;
    private final VtdDriver driver = new VtdDriver(host);

    private void clearCap(int bit) {
        vtd.set(ScriptedVtd.CAP_REG, vtd.get(ScriptedVtd.CAP_REG) & ~(1L << bit));
    }

    private void clearEcap(int bit) {
        vtd.set(ScriptedVtd.ECAP_REG, vtd.get(ScriptedVtd.ECAP_REG) & ~(1L << bit));
    }

    @Test
    void everyStepFindsReadyWhatItMakesHardwareUse() {
        driver.start();

        assertThat(vtd.trace.stream().filter(each -> !isRecordRelease(each)))
                .containsExactly(
                        "38=80000000", // FECTL, IECTL, PECTL: masked
                        "a0=80000000",
                        "e0=80000000",
                        "34=71", // FSTS: errors of before
                        "90=80102801", // IQA: 256-bit descriptors, two pages
                        "18=4000000", // QIE
                        "20=80100400", // RTADDR: scalable mode
                        "18=44000000", // SRTP
                        "c0=0",
                        "c8=0",
                        "d0=80104000",
                        "dc=3",
                        "e4=41",
                        "e8=fee00004",
                        "ec=1",
                        "e0=0",
                        "3c=40",
                        "40=fee00000",
                        "44=1",
                        "38=0",
                        "18=84000000"); // TE
    }

    private static boolean isRecordRelease(String write) {
        return write.matches("2[2-9]c=80000000");
    }

    @Test
    void withoutEsrtpsEveryCacheIsInvalidatedInOrder() {
        clearCap(63);

        driver.start();

        // The sheet's V6: cc_inv, pc_inv and iotlb_inv global.
        assertThat(vtd.takeAll())
                .containsExactly("0000000000000011 0", "0000000000000037 0", "00000000000000d2 0", "wait");
    }

    @Test
    void withoutPageRequestsTheirRegistersAreLeftAlone() {
        clearEcap(29);

        driver.start();

        assertThat(vtd.trace).noneMatch(write -> write.startsWith("d0=") || write.startsWith("dc="));
        assertThat(host.handlers).containsOnlyKeys(FakeHost.FAULT);
    }

    @Test
    void whatWasOnBeforeIsSwitchedOffFirst() {
        vtd.set(ScriptedVtd.GSTS, 0x8400_0000L);

        driver.start();

        assertThat(vtd.trace.subList(3, 5)).containsExactly("18=4000000", "18=0");
    }

    @Test
    void capabilitiesAreThoseOfTheRegisters() {
        IommuCapabilities capabilities = driver.start();

        assertThat(capabilities.pasidBits()).isEqualTo(20);
        assertThat(capabilities.inputAddressBits()).isEqualTo(48);
        assertThat(capabilities.features())
                .containsExactlyInAnyOrder(
                        Feature.COHERENT_WALK,
                        Feature.ATS,
                        Feature.PRI,
                        Feature.UNTAGGED_PROCESS,
                        Feature.ACCESS_DIRTY_UPDATE,
                        Feature.RANGE_INVALIDATION,
                        Feature.SILENT_QUIESCE,
                        Feature.MESSAGE_INTERRUPTS);
    }

    @Test
    void aUnitLikeQemuHasUntaggedTrafficOnly() {
        // QEMU 10.0, x-scalable-mode=on, x-flts=on: the sheet's V18.
        vtd.set(ScriptedVtd.CAP_REG, 0x01d2_008c_222f_0606L);
        vtd.set(ScriptedVtd.ECAP_REG, 0x0000_8800_00f0_0f0aL);

        IommuCapabilities capabilities = driver.start();

        assertThat(capabilities.pasidBits()).isZero();
        assertThat(capabilities.features())
                .containsExactlyInAnyOrder(
                        Feature.UNTAGGED_PROCESS,
                        Feature.RANGE_INVALIDATION,
                        Feature.SILENT_QUIESCE,
                        Feature.MESSAGE_INTERRUPTS);
    }

    @ParameterizedTest
    @CsvSource({"1, ECAP.QI is 0", "43, ECAP.SMTS is 0", "47, ECAP.FSTS is 0"})
    void whatCannotBeDoneWithoutIsNamed(int bit, String message) {
        clearEcap(bit);

        assertThatThrownBy(driver::start)
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.UNSUPPORTED))
                .hasMessageContaining("iommu0")
                .hasMessageContaining(message);
        assertThat(vtd.trace).isEmpty();
        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void aUnitThatIsNotThereIsNamed() {
        vtd.set(ScriptedVtd.VER_REG, 0);

        assertThatThrownBy(driver::start).isInstanceOf(SvaException.class).hasMessageContaining("VER.MAX is 0");
    }

    @Test
    void hardwareThatDoesNotAcknowledgeIsNamedWithTheRegister() {
        vtd.acknowledges = false;

        assertThatThrownBy(driver::start)
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.TIMED_OUT))
                .hasMessageContaining("GSTS.QIES to be 1");
        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void outOfMemoryAtAnyPointLeavesHardwareOffAndNothingAllocated() {
        for (int granted = 0; granted < FRAMES; granted++) {
            FakeHost poor = new FakeHost();
            poor.frames.budget = granted;

            assertThatThrownBy(new VtdDriver(poor)::start)
                    .isInstanceOfSatisfying(
                            SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.NO_MEMORY));
            assertThat(poor.frames.granted).isEqualTo(granted);
            assertThat(poor.frames.allocatedBytes()).isZero();
            assertThat(poor.vtd.get(ScriptedVtd.GSTS)).isZero();
        }
    }

    @Test
    void rootTableStatusWordsAndTwoQueuesAreEnough() {
        host.frames.budget = FRAMES;

        assertThatCode(driver::start).doesNotThrowAnyException();
    }

    @Test
    void closeSwitchesOffAndReturnsEverythingOnce() {
        driver.start();
        vtd.trace.clear();

        driver.close();
        driver.close();

        assertThat(vtd.trace).isEqualTo(List.of("38=80000000", "a0=80000000", "e0=80000000", "18=4000000", "18=0"));
        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void whatHardwareMayStillUseIsNotReturned() {
        driver.start();
        vtd.acknowledges = false;

        assertThatThrownBy(driver::close).isInstanceOf(SvaException.class);
        assertThat(host.frames.allocatedBytes()).isPositive();

        vtd.acknowledges = true;
        driver.close();
        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void anInterruptThatComesAfterCloseFindsNothingToRead() {
        driver.start();
        driver.attachDevice(Fixture.function(Fixture.SID));
        driver.setAts(Fixture.SID, true);
        vtd.record(0, 0x1000, 0xc000_0041_0000_3a00L);
        // Which resets IQH: it is 0 again, before the descriptors that were fetched.
        driver.close();

        host.interrupt(FakeHost.FAULT);
        host.interrupt(FakeHost.PAGE_REQUEST);

        assertThat(host.faults.delivered).isEmpty();
    }

    @Test
    void nothingWorksBeforeStart() {
        assertThatThrownBy(() -> driver.attachDevice(Fixture.function(1))).isInstanceOf(IllegalStateException.class);
        driver.close();
    }

    @Test
    void withoutCoherenceEveryStoreIsWrittenBackBeforeHardwareLooks() {
        clearEcap(0);
        WriteBackCheck check = new WriteBackCheck();
        host.memory.listener = check;

        driver.start();
        driver.attachDevice(Fixture.function(Fixture.SID));
        driver.setPasid(Fixture.SID, Fixture.PASID, driver.openContext(X86_64.FOUR_LEVELS, Fixture.ROOT), false);

        assertThat(check.stores).isPositive();
        assertThat(check.dirty).isEmpty();
    }

    @Test
    void formatsAreCheckedAgainstCap() {
        driver.start();

        assertThatCode(() -> driver.checkProcessFormat(X86_64.FOUR_LEVELS)).doesNotThrowAnyException();
        assertThatThrownBy(() -> driver.checkProcessFormat(X86_64.FIVE_LEVELS)).hasMessageContaining("CAP.FS5LP is 0");
    }

    @Test
    void gigabyteLeavesNeedFs1gp() {
        clearCap(56);
        driver.start();

        assertThatThrownBy(() -> driver.checkProcessFormat(X86_64.FOUR_LEVELS)).hasMessageContaining("CAP.FS1GP is 0");
        assertThat(driver.domainFormat(true)).isEqualTo(new X86_64(4, 52, false));
    }

    @Test
    void withoutPasidsThereAreNoTaggedDomains() {
        clearEcap(40);
        driver.start();

        assertThatThrownBy(() -> driver.domainFormat(true)).hasMessageContaining("ECAP.PASID is 0");
        assertThat(driver.domainFormat(false)).isEqualTo(X86_64.FOUR_LEVELS);
    }
}
