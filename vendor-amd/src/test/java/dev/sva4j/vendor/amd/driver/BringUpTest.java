package dev.sva4j.vendor.amd.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.pagetable.X86_64;
import org.junit.jupiter.api.Test;

/** Registers of bring-up and of closing, value by value and in order (AMD-Vi 3.3; Linux early_enable_iommus). */
final class BringUpTest {
    private final Fixture fixture = new Fixture();
    private final FakeHost host = fixture.host;
    private final ScriptedAmd amd = fixture.amd;
    private final AmdDriver driver = fixture.driver;

    @Test
    void tablesAndQueuesFirstThenTheEnablesThenPageRequests() {
        host.timeoutNanos = 1_000_000_000;

        driver.start();

        String devtab = String.format("0=%x", amd.get(ScriptedAmd.DEVTAB));
        String commands = String.format("8=%x", amd.get(ScriptedAmd.CMDBUF));
        String events = String.format("10=%x", amd.get(ScriptedAmd.EVTLOG));
        String requests = String.format("38=%x", amd.get(ScriptedAmd.PPRLOG));
        assertThat(amd.trace)
                .containsExactly(
                        "18=400",
                        devtab,
                        commands,
                        "2000=0",
                        events,
                        "2010=0",
                        "2018=0",
                        requests,
                        "2030=0",
                        "2038=0",
                        "2020=68e67",
                        "18=200000010480",
                        "18=200000011484",
                        "18=200000011485",
                        "8000000000000000 0000000000000000",
                        "wait",
                        "18=20000001148d",
                        "18=20000001948d",
                        "18=20000001d48d",
                        "18=20000001f48d");
    }

    @Test
    void theDeviceTableHas65536EntriesAndQueuesHave512() {
        driver.start();

        assertThat(amd.get(ScriptedAmd.DEVTAB) & 0xfff0_0000_0000_0fffL).isEqualTo(0x1ff);
        assertThat(amd.get(ScriptedAmd.CMDBUF) & 0xfff0_0000_0000_0fffL).isEqualTo(0x0900_0000_0000_0000L);
        assertThat(amd.get(ScriptedAmd.EVTLOG) & 0xfff0_0000_0000_0fffL).isEqualTo(0x0900_0000_0000_0000L);
        assertThat(amd.get(ScriptedAmd.PPRLOG) & 0xfff0_0000_0000_0fffL).isEqualTo(0x0900_0000_0000_0000L);
    }

    @Test
    void everyDeviceIsBlockedBeforeItIsAttached() {
        driver.start();

        for (int device : new int[] {0, 0x300, 0xffff}) {
            assertThat(host.memory.words((amd.get(ScriptedAmd.DEVTAB) & -4096) + device * 32L, 4))
                    .containsExactly(3, 0, 0, 0);
        }
    }

    @Test
    void hardwareThatDoesNotAcknowledgeIsNamedWithTheRegister() {
        amd.acknowledges = false;

        assertThatThrownBy(driver::start)
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.TIMED_OUT))
                .hasMessageContaining("STATUS.CmdBufRun");
        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void outOfMemoryAtAnyPointLeavesHardwareOffAndNothingAllocated() {
        driver.start();
        int needed = host.frames.granted;
        for (int granted = 0; granted < needed; granted++) {
            FakeHost poor = new FakeHost(AmdDriver.DUMMY_ROOT);
            poor.frames.budget = granted;

            assertThatThrownBy(new AmdDriver(poor)::start)
                    .isInstanceOfSatisfying(
                            SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.NO_MEMORY));
            assertThat(poor.frames.allocatedBytes()).isZero();
            assertThat(poor.amd.get(ScriptedAmd.CONTROL) & 1).isZero();
        }
    }

    @Test
    void closeSwitchesOffAndReturnsEverythingOnce() {
        fixture.bound();
        amd.trace.clear();

        driver.close();
        driver.close();

        assertThat(amd.trace).containsExactly("18=400");
        assertThat(host.frames.allocatedBytes()).isZero();
    }

    @Test
    void anInterruptThatComesAfterCloseFindsNothingToRead() {
        fixture.start();
        amd.event(0x2025_2345_0001_0300L, 0x1000);
        driver.close();

        host.interrupt(FakeHost.LINE);

        assertThat(host.faults.delivered).isEmpty();
    }

    @Test
    void walksAreCoherentFromTheFirstWriteOn() {
        driver.start();

        assertThat(amd.trace)
                .filteredOn(each -> each.startsWith("18="))
                .allSatisfy(each -> assertThat(Long.parseLong(each.substring(3), 16) & 0x400)
                        .isEqualTo(0x400));
    }

    @Test
    void aReservedHatsIsNamed() {
        amd.set(ScriptedAmd.EFR_REG, ScriptedAmd.EFR | 0xc00);

        assertThatThrownBy(driver::start).isInstanceOf(SvaException.class).hasMessageContaining("EFR.HATS is 3");
        assertThat(amd.trace).isEmpty();
    }

    @Test
    void withoutGatsThereAreNoFiveLevels() {
        driver.start();

        assertThatThrownBy(() -> driver.checkProcessFormat(X86_64.FIVE_LEVELS)).isInstanceOf(SvaException.class);
    }

    @Test
    void nothingWorksBeforeStart() {
        assertThatThrownBy(() -> driver.attachDevice(Fixture.function(1))).isInstanceOf(IllegalStateException.class);
        driver.close();
    }
}
