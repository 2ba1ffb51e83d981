package dev.sva4j.core.bond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.ExitPolicy;
import dev.sva4j.api.MmExitHandler;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaListener;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which order core asks a driver half for things. */
class BondOrderTest {
    private static final long LONG = 20_000_000_000L;
    private static final long AT = 0x40_0000;

    private final RecordingVendor vendor = new RecordingVendor();
    private final List<String> fenced = new CopyOnWriteArrayList<>();
    private final SvaSystem system = SvaSystem.builder()
            .vendor(vendor)
            .memory(1 << 22)
            .device(DeviceSpec.pci("dev0", 0x100))
            .device(DeviceSpec.pci("dev1", 0x200))
            .listener(new SvaListener() {
                @Override
                public void deviceFenced(String device, String reason) {
                    fenced.add(device);
                }
            })
            .build();

    @AfterEach
    void close() {
        vendor.during = call -> {};
        system.close();
    }

    private SvaDevice init(MmExitHandler handler, ExitPolicy policy) {
        SvaDevice device = system.initDevice(
                "dev0", DeviceOptions.DEFAULT.withMmExit(handler).withExitPolicy(policy));
        vendor.calls.clear();
        return device;
    }

    private SvaDevice init() {
        return init(MmExitHandler.NONE, ExitPolicy.EXPLICIT_UNBIND);
    }

    private static SvaError errorOf(Runnable call) {
        try {
            call.run();
            return null;
        } catch (SvaException e) {
            return e.error();
        }
    }

    @Test
    void initTurnsAtsOnBeforePageRequestsAndCloseGoesBackwards() {
        vendor.calls.clear();
        SvaDevice device = system.initDevice("dev0", DeviceOptions.DEFAULT);
        device.close();

        assertThat(vendor.calls).containsExactly("ats true", "pri true", "pri false", "ats false");
    }

    @Test
    void initTwiceIsRefusedBeforeAnythingIsTouched() {
        init();

        assertThat(errorOf(() -> system.initDevice("dev0", DeviceOptions.DEFAULT)))
                .isEqualTo(SvaError.EXISTS);
        assertThat(vendor.calls).isEmpty();
    }

    @Test
    void bindOpensTheContextBeforeTheEntryIsSet() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");

        device.bind(mm, "data").unbind();

        assertThat(vendor.calls).containsExactly("open", "set", "clear", "drain", "close");
    }

    @Test
    void theSamePairGetsTheSameBondAndNeedsAsManyUnbinds() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond first = device.bind(mm, "data");
        SvaBond second = device.bind(mm, "other");

        first.unbind();
        BondState between = first.state();
        second.unbind();

        assertThat(second).isSameAs(first);
        assertThat(first.drvdata()).isEqualTo("data");
        assertThat(between).isEqualTo(BondState.BOUND);
        assertThat(first.state()).isEqualTo(BondState.NONE);
        assertThat(errorOf(first::unbind)).isEqualTo(SvaError.STALE);
    }

    @Test
    void devicesOfOneProcessShareItsPasidAndOneContext() {
        SvaDevice device = init();
        SvaDevice other = system.initDevice("dev1", DeviceOptions.DEFAULT);
        vendor.calls.clear();
        AddressSpace mm = system.createAddressSpace("app");

        SvaBond first = device.bind(mm, null);
        SvaBond second = other.bind(mm, null);
        first.unbind();
        second.unbind();

        assertThat(second.pasid()).isEqualTo(first.pasid());
        assertThat(vendor.calls).containsExactly("open", "set", "set", "clear", "drain", "clear", "drain", "close");
    }

    @Test
    void aBindThatTheHardwareRefusesLeavesNothingBehind() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        vendor.during = call -> {
            if (call.equals("set")) {
                throw new SvaException(SvaError.NO_MEMORY, "no table");
            }
        };

        SvaError error = errorOf(() -> device.bind(mm, null));

        assertThat(error).isEqualTo(SvaError.NO_MEMORY);
        assertThat(system.pasids().allocated()).isZero();
        assertThat(device.bonds()).isEmpty();
        assertThat(vendor.calls).containsExactly("open", "close");
    }

    @Test
    void aPasidOutsideTheRangeOfASecondDeviceIsRefused() {
        SvaDevice device = init();
        SvaDevice other = system.initDevice("dev1", DeviceOptions.DEFAULT.withPasids(new PasidRange(100, 200)));
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond bond = device.bind(mm, null);

        assertThat(errorOf(() -> other.bind(mm, null))).isEqualTo(SvaError.RANGE);
        bond.unbind();
    }

    @Test
    void exitQuiescesThenReclaimsThenCallsBackAndUnbindIsAsEver() {
        CountDownLatch called = new CountDownLatch(1);
        AtomicReference<Boolean> reclaimedBefore = new AtomicReference<>();
        SvaDevice device = init(
                bond -> {
                    reclaimedBefore.set(bond.addressSpace().isReclaimed());
                    called.countDown();
                },
                ExitPolicy.EXPLICIT_UNBIND);
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond bond = device.bind(mm, null);

        mm.close();
        system.scheduler()
                .await(() -> called.getCount() == 0, system.scheduler().nanoTime() + LONG);

        assertThat(reclaimedBefore.get()).isTrue();
        assertThat(bond.state()).isEqualTo(BondState.QUIESCED);
        assertThat(system.pasids().owner(bond.pasid())).contains("app");
        bond.unbind();
        assertThat(system.pasids().owner(bond.pasid())).isEmpty();
        assertThat(vendor.calls).containsExactly("open", "set", "quiesce", "clear", "drain", "close");
    }

    @Test
    void exitAndReclaimDoNotWaitForACallback() {
        CountDownLatch mayReturn = new CountDownLatch(1);
        SvaDevice device = init(
                bond -> system.scheduler().await(() -> mayReturn.getCount() == 0, Long.MAX_VALUE),
                ExitPolicy.RELEASE_ON_RETURN);
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond bond = device.bind(mm, null);

        mm.close();

        assertThat(mm.isReclaimed()).isTrue();
        assertThat(bond.state()).isEqualTo(BondState.QUIESCED);
        assertThat(system.pasids().owner(bond.pasid())).contains("app");
        mayReturn.countDown();
        system.scheduler()
                .await(
                        () -> system.pasids().owner(bond.pasid()).isEmpty(),
                        system.scheduler().nanoTime() + LONG);
        assertThat(bond.state()).isEqualTo(BondState.NONE);
    }

    @Test
    void theInlinePolicyCallsBackWhileTheEntryIsLive() {
        AtomicReference<BondState> during = new AtomicReference<>();
        AtomicReference<Boolean> reclaimed = new AtomicReference<>();
        SvaDevice device = init(
                bond -> {
                    during.set(bond.state());
                    reclaimed.set(bond.addressSpace().isReclaimed());
                },
                ExitPolicy.RELEASE_ON_RETURN_INLINE);
        AddressSpace mm = system.createAddressSpace("app");
        device.bind(mm, null);

        mm.close();

        assertThat(during.get()).isEqualTo(BondState.BOUND);
        assertThat(reclaimed.get()).isFalse();
        assertThat(mm.isReclaimed()).isTrue();
        assertThat(vendor.calls).containsExactly("open", "set", "clear", "drain", "close");
    }

    @Test
    void aCallbackThatThrowsCountsAsReturned() {
        SvaDevice device = init(
                bond -> {
                    throw new IllegalArgumentException("driver bug");
                },
                ExitPolicy.RELEASE_ON_RETURN);
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond bond = device.bind(mm, null);

        mm.close();
        system.scheduler()
                .await(() -> bond.state() == BondState.NONE, system.scheduler().nanoTime() + LONG);

        assertThat(bond.state()).isEqualTo(BondState.NONE);
    }

    @Test
    void unbindInsideTheCallbackIsLegal() {
        SvaDevice device = init(SvaBond::unbind, ExitPolicy.EXPLICIT_UNBIND);
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond bond = device.bind(mm, null);

        mm.close();
        system.scheduler()
                .await(() -> bond.state() == BondState.NONE, system.scheduler().nanoTime() + LONG);

        assertThat(bond.state()).isEqualTo(BondState.NONE);
    }

    @Test
    void bindToAnExitedProcessIsStale() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        mm.close();

        assertThat(errorOf(() -> device.bind(mm, null))).isEqualTo(SvaError.STALE);
        assertThat(vendor.calls).isEmpty();
    }

    @Test
    void changesOfMappingsReachTheDriverUntilTheBondIsOver() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        mm.map(AT, 4096, Protection.READ_WRITE);
        SvaBond bond = device.bind(mm, null);
        mm.populate(AT, 4096, Access.WRITE);

        mm.protect(AT, 4096, Protection.READ);
        bond.unbind();
        mm.unmap(AT, 4096);

        assertThat(vendor.calls).containsExactly("open", "set", "invalidate", "clear", "drain", "close");
    }

    @Test
    void anInvalidationThatIsNotConfirmedFencesTheDeviceBeforeFramesAreReused() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        mm.map(AT, 4096, Protection.READ_WRITE);
        SvaBond bond = device.bind(mm, null);
        mm.populate(AT, 4096, Access.WRITE);
        vendor.during = call -> {
            if (call.equals("invalidate")) {
                throw RecordingVendor.timedOut();
            }
        };

        mm.unmap(AT, 4096);

        assertThat(fenced).containsExactly("dev0");
        assertThat(vendor.calls).containsExactly("open", "set", "gone");
        bond.unbind();
    }

    @Test
    void closeNamesTheCallbacksThatStillRun() {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        SvaDevice device = init(
                bond -> {
                    started.countDown();
                    system.scheduler().await(() -> mayReturn.getCount() == 0, Long.MAX_VALUE);
                },
                ExitPolicy.EXPLICIT_UNBIND);
        AddressSpace mm = system.createAddressSpace("slow");
        device.bind(mm, null);
        mm.close();
        system.scheduler()
                .await(() -> started.getCount() == 0, system.scheduler().nanoTime() + LONG);

        assertThatThrownBy(() -> device.close(Duration.ZERO)).hasMessageContaining("slow (PASID 1)");
        assertThat(device.bonds()).isEmpty();
        mayReturn.countDown();
        device.close();
        assertThat(vendor.calls).endsWith("pri false", "ats false");
    }

    @Test
    void aPageRequestIsAnsweredOnceByTheProcessOrRefusedAtOnce() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        mm.map(AT, 4096, Protection.READ);
        SvaBond bond = device.bind(mm, null);
        var faults = Objects.requireNonNull(vendor.host.get()).faults();

        faults.pageRequest(request(bond.pasid(), AT, false, 3));
        faults.pageRequest(request(bond.pasid(), AT + 8192, false, 4));
        faults.pageRequest(request(bond.pasid(), AT, true, 5));
        faults.pageRequest(request(bond.pasid() + 1, AT, false, 6));
        bond.unbind();

        assertThat(vendor.calls.stream()
                        .filter(call -> call.startsWith("respond"))
                        .sorted()
                        .toList())
                .containsExactly("respond INVALID", "respond INVALID", "respond INVALID", "respond SUCCESS");
    }

    private static PageRequest request(int pasid, long address, boolean write, int group) {
        return new PageRequest(0x100, pasid, address, true, write, false, false, group, true, PageRequest.Kind.PRI);
    }

    @Test
    void unbindReturnsOnlyAfterEveryGroupWasAnswered() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        mm.map(AT, 4096, Protection.READ);
        SvaBond bond = device.bind(mm, null);
        var faults = Objects.requireNonNull(vendor.host.get()).faults();
        // The hardware still holds a request when drain begins.
        vendor.during = call -> {
            if (call.equals("drain")) {
                faults.pageRequest(request(bond.pasid(), AT, false, 1));
            }
        };

        bond.unbind();

        assertThat(vendor.calls).containsExactly("open", "set", "clear", "respond INVALID", "drain", "close");
    }

    @Test
    void systemCloseNamesTheBondsThatWereLeft() {
        SvaSystem other = SvaSystem.builder()
                .vendor(new RecordingVendor())
                .memory(1 << 22)
                .device(DeviceSpec.pci("dev0", 0x100))
                .build();
        other.initDevice("dev0", DeviceOptions.DEFAULT).bind(other.createAddressSpace("app"), null);

        assertThatThrownBy(other::close).hasMessageContaining("bond of dev0 and app");
        other.close();
    }

    @Test
    void aProcessThatIsClosedDuringBindKeepsItsPasidUntilTheBondIsOver() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        vendor.during = call -> {
            if (call.equals("set")) {
                mm.close();
            }
        };

        SvaBond bond = device.bind(mm, null);

        assertThat(bond.state()).isEqualTo(BondState.QUIESCED);
        assertThat(system.pasids().owner(bond.pasid())).contains("app");
        bond.unbind();
        assertThat(system.pasids().allocated()).isZero();
    }

    @Test
    void initAsksWhetherTheHardwareCanWalkTheTablesOfProcesses() {
        vendor.during = call -> {
            if (call.equals("format")) {
                throw new SvaException(SvaError.UNSUPPORTED, "granule");
            }
        };

        assertThat(errorOf(() -> system.initDevice("dev0", DeviceOptions.DEFAULT)))
                .isEqualTo(SvaError.UNSUPPORTED);
    }

    @Test
    void anAddressSpaceOfAnotherSystemIsRefused() {
        SvaDevice device = init();
        try (SvaSystem other =
                SvaSystem.builder().vendor(vendor).memory(1 << 22).build()) {
            AddressSpace foreign = other.createAddressSpace("foreign");

            assertThat(errorOf(() -> device.bind(foreign, null))).isEqualTo(SvaError.INVALID);
        }
    }

    @Test
    void closingAgainLeavesTheNextSessionOfTheDeviceAlone() {
        SvaDevice device = init();
        device.close();
        SvaDevice next = init();
        SvaBond bond = next.bind(system.createAddressSpace("app"), null);

        device.close();

        assertThat(bond.state()).isEqualTo(BondState.BOUND);
        assertThat(device.bonds()).isEmpty();
        bond.unbind();
    }

    @Test
    void closeWaitsForAnUnbindThatIsUnderWay() {
        SvaDevice device = init();
        SvaBond bond = device.bind(system.createAddressSpace("app"), null);
        AtomicReference<Scheduler.Task> closing = new AtomicReference<>();
        vendor.during = call -> {
            if (call.equals("drain")) {
                closing.set(system.scheduler().spawn("close", device::close));
                // Long enough for a close that does not wait; one that does is still there.
                closing.get().join(system.scheduler().nanoTime() + 50_000_000L);
            }
        };

        bond.unbind();
        closing.get().join(Scheduler.NEVER);

        assertThat(vendor.calls).containsExactly("open", "set", "clear", "drain", "close", "pri false", "ats false");
    }

    @Test
    void anAssertionThatFailsInACallbackCountsAsItsReturn() {
        SvaDevice device = init(
                bond -> {
                    throw new AssertionError("driver bug");
                },
                ExitPolicy.RELEASE_ON_RETURN);
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond bond = device.bind(mm, null);

        mm.close();
        system.scheduler()
                .await(() -> bond.state() == BondState.NONE, system.scheduler().nanoTime() + LONG);

        assertThat(bond.state()).isEqualTo(BondState.NONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    @Timeout(60)
    void devicesAreAddedAtTheSameTimeUnderTheSeededScheduler(long seed) {
        RecordingVendor slow = new RecordingVendor();
        SvaSystem other =
                SvaSystem.builder().vendor(slow).memory(1 << 22).seeded(seed).build();
        slow.during = call -> {
            if (call.equals("attach")) {
                other.scheduler().yieldPoint();
            }
        };
        List<SvaError> errors = new CopyOnWriteArrayList<>();
        other.scheduler().run("test", () -> {
            List<Scheduler.Task> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                // Two by two of one name.
                DeviceSpec spec = DeviceSpec.pci("dev" + i / 2, i);
                tasks.add(other.scheduler().spawn("add", () -> {
                    SvaError error = errorOf(() -> other.addDevice(spec));
                    if (error != null) {
                        errors.add(error);
                    }
                }));
            }
            tasks.forEach(task -> task.join(Scheduler.NEVER));
        });
        other.close();

        assertThat(errors).containsExactly(SvaError.EXISTS, SvaError.EXISTS);
        assertThat(slow.calls).containsExactly("attach", "attach", "detach", "detach", "stop");
    }
}
