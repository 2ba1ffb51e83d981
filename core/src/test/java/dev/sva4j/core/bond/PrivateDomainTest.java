package dev.sva4j.core.bond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.IoDomain;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Address spaces of a driver's own: their number, their tables, and the order in which they end. */
@Timeout(60)
class PrivateDomainTest {
    private static final long AT = 0x40_0000;
    private static final long PA = 0x1_0000_0000L;
    private static final long PAGE = 4096;
    private static final DeviceOptions OPTIONS =
            DeviceOptions.DEFAULT.withFeatures(DeviceFeature.PAGE_FAULTS, DeviceFeature.PRIVATE_PASID);

    private final RecordingVendor vendor = new RecordingVendor();
    private final SvaSystem system = SvaSystem.builder()
            .vendor(vendor)
            .memory(1 << 22)
            .device(DeviceSpec.pci("dev0", 0x100))
            .device(DeviceSpec.pci("bare0", 0x200).withPasidBits(0))
            .build();

    @AfterEach
    void everythingComesBack() {
        vendor.during = call -> {};
        // Throws if a frame or a PASID is missing.
        system.close();
    }

    private SvaDevice init(DeviceOptions options) {
        SvaDevice device = system.initDevice("dev0", options);
        vendor.calls.clear();
        return device;
    }

    private SvaDevice init() {
        return init(OPTIONS);
    }

    private void failing(String step, RuntimeException with) {
        vendor.during = call -> {
            if (call.equals(step)) {
                throw with;
            }
        };
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
    void theContextIsOpenBeforeTheEntryIsSetAndClosedAfterTheDrain() {
        SvaDevice device = init();

        device.openPrivateDomain("jobs").close();

        assertThat(vendor.calls).containsExactly("open", "set", "clear", "drain", "close");
    }

    @Test
    void itsPasidIsThatOfNoProcessAndIsFreeAfterItsEnd() {
        SvaDevice device = init();
        IoDomain domain = device.openPrivateDomain("jobs");
        SvaBond bond = device.bind(system.createAddressSpace("app"), null);

        assertThat(bond.pasid()).isNotEqualTo(domain.pasid());
        assertThat(device.find(domain.pasid())).isEmpty();
        assertThat(system.pasids().owner(domain.pasid())).contains("private domain jobs");
        domain.close();
        assertThat(system.pasids().owner(domain.pasid())).isEmpty();
        bond.unbind();
    }

    @Test
    void itsPasidIsTakenUntilItIsDrained() {
        SvaDevice device = init();
        IoDomain domain = device.openPrivateDomain("jobs");
        List<Boolean> takenDuringDrain = new ArrayList<>();
        vendor.during = call -> {
            if (call.equals("drain") || call.equals("close")) {
                takenDuringDrain.add(system.pasids().owner(domain.pasid()).isPresent());
            }
        };

        domain.close();

        assertThat(takenDuringDrain).containsExactly(true, true);
    }

    @Test
    void aNumberThatSomebodyElseHoldsTooStaysTaken() {
        SvaDevice device = init();
        IoDomain domain = device.openPrivateDomain("jobs");
        system.pasids().retain(domain.pasid());

        domain.close();

        assertThat(system.pasids().owner(domain.pasid())).isPresent();
        system.pasids().release(domain.pasid());
        assertThat(system.pasids().allocated()).isZero();
    }

    @Test
    void reservedNumbersAreNotUsedAndARangeCanBeExhausted() {
        SvaDevice device = init(OPTIONS.withPasids(new PasidRange(1, 2)));
        system.pasids().reserve(new PasidRange(1, 1), "guest");

        IoDomain domain = device.openPrivateDomain("jobs");

        assertThat(domain.pasid()).isEqualTo(2);
        assertThat(errorOf(() -> device.openPrivateDomain("more"))).isEqualTo(SvaError.NO_SPACE);
        domain.close();
    }

    @Test
    void unmapReachesTheDevice() {
        SvaDevice device = init();
        IoDomain domain = device.openPrivateDomain("jobs");
        domain.map(AT, PA, PAGE, Protection.READ_WRITE);

        assertThat(domain.unmap(AT, PAGE)).isEqualTo(PAGE);

        assertThat(vendor.calls).containsExactly("open", "set", "invalidate");
        assertThat(domain.kind()).isEqualTo(IoDomain.Kind.PAGING);
        domain.close();
    }

    @Test
    void aPageRequestIsInvalidAtOnceBecauseNoProcessCouldResolveIt() {
        SvaDevice device = init();
        IoDomain domain = device.openPrivateDomain("jobs");
        vendor.calls.clear();

        Objects.requireNonNull(vendor.host.get())
                .faults()
                .pageRequest(new PageRequest(
                        0x100, domain.pasid(), AT, true, false, false, false, 1, true, PageRequest.Kind.PRI));

        assertThat(vendor.calls).containsExactly("respond INVALID");
        domain.close();
    }

    @Test
    void anEntryThatIsRefusedLeavesNothingBehind() {
        SvaDevice device = init();
        long before = system.counters().freeBytes();
        failing("set", new SvaException(SvaError.NO_MEMORY, "no table"));

        assertThat(errorOf(() -> device.openPrivateDomain("jobs"))).isEqualTo(SvaError.NO_MEMORY);

        assertThat(vendor.calls).containsExactly("open", "close");
        assertThat(system.pasids().allocated()).isZero();
        assertThat(system.counters().freeBytes()).isEqualTo(before);
    }

    @Test
    void anEntryThatIsNotConfirmedIsTakenOutAgain() {
        SvaDevice device = init();
        failing("set", RecordingVendor.timedOut());

        assertThat(errorOf(() -> device.openPrivateDomain("jobs"))).isEqualTo(SvaError.TIMED_OUT);

        assertThat(vendor.calls).containsExactly("open", "gone", "clear", "drain", "close");
        assertThat(system.pasids().allocated()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"clear", "drain", "close"})
    void closeGoesToItsEndThoughTheHardwareDoesNotConfirm(String step) {
        SvaDevice device = init();
        IoDomain domain = device.openPrivateDomain("jobs");
        failing(step, RecordingVendor.timedOut());

        assertThat(errorOf(domain::close)).isEqualTo(SvaError.TIMED_OUT);

        assertThat(vendor.calls).contains("gone");
        assertThat(system.pasids().allocated()).isZero();
        domain.close();
    }

    @Test
    void aClosedDomainIsStaleAndClosingItAgainDoesNothing() {
        SvaDevice device = init();
        IoDomain domain = device.openPrivateDomain("jobs");
        domain.close();
        vendor.calls.clear();

        domain.close();

        assertThat(errorOf(() -> domain.map(AT, PA, PAGE, Protection.READ))).isEqualTo(SvaError.STALE);
        assertThat(vendor.calls).isEmpty();
    }

    @Test
    void theFeatureHasToBeAskedForAndNeedsPasids() {
        SvaDevice device = init(DeviceOptions.DEFAULT);

        assertThat(errorOf(() -> device.openPrivateDomain("jobs"))).isEqualTo(SvaError.UNSUPPORTED);
        assertThatThrownBy(() -> system.initDevice("bare0", OPTIONS)).hasMessageContaining("no PASID capability");
    }

    @Test
    void aPrivateDomainCannotHaveUntaggedTraffic() {
        SvaDevice device = init();
        IoDomain domain = device.openPrivateDomain("jobs");

        assertThat(errorOf(() -> device.attachUntagged(domain))).isEqualTo(SvaError.INVALID);
        domain.close();
    }

    @Test
    void closingTheDeviceClosesIt() {
        SvaDevice device = init();
        IoDomain domain = device.openPrivateDomain("jobs");

        device.close();

        assertThat(vendor.calls).containsExactly("open", "set", "clear", "drain", "close", "pri false", "ats false");
        assertThat(errorOf(() -> domain.unmap(AT, PAGE))).isEqualTo(SvaError.STALE);
        assertThat(errorOf(() -> device.openPrivateDomain("more"))).isEqualTo(SvaError.NO_DEVICE);
    }

    @Test
    void systemCloseNamesIt() {
        SvaSystem own = SvaSystem.builder()
                .vendor(vendor)
                .memory(1 << 22)
                .device(DeviceSpec.pci("dev0", 0x100))
                .build();
        own.initDevice("dev0", OPTIONS).openPrivateDomain("jobs");

        assertThatThrownBy(own::close).hasMessageContaining("private domain jobs of dev0 (PASID 1) was still open");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void whoeverClosesItReturnsWhenItIsOver(long seed) {
        RecordingVendor slow = new RecordingVendor();
        SvaSystem own = SvaSystem.builder()
                .vendor(slow)
                .memory(1 << 22)
                .device(DeviceSpec.pci("dev0", 0x100))
                .seeded(seed)
                .build();
        slow.during = call -> {
            if (!call.equals("attach")) {
                own.scheduler().yieldPoint();
            }
        };
        own.scheduler().run("test", () -> {
            SvaDevice device = own.initDevice("dev0", OPTIONS);
            IoDomain domain = device.openPrivateDomain("jobs");
            slow.calls.clear();
            List<Scheduler.Task> tasks = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                tasks.add(own.scheduler().spawn("close", () -> {
                    domain.close();
                    assertThat(slow.calls).containsExactly("clear", "drain", "close");
                    assertThat(own.pasids().allocated()).isZero();
                }));
            }
            tasks.forEach(task -> task.join(Scheduler.NEVER));
        });
        own.close();
    }
}
