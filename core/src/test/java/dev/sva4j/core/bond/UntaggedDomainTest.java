package dev.sva4j.core.bond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.IoDomain;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaListener;
import dev.sva4j.api.SvaSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Domains for requests without a PASID: what the driver half is asked for, and what comes back. */
@Timeout(60)
class UntaggedDomainTest {
    private static final long AT = 0x40_0000;
    private static final long PA = 0x1_0000_0000L;
    private static final long PAGE = 4096;
    private static final DeviceOptions OPTIONS =
            DeviceOptions.DEFAULT.withFeatures(DeviceFeature.PAGE_FAULTS, DeviceFeature.NO_PASID);

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
    private final SvaDevice device = system.initDevice("dev0", OPTIONS);
    private final SvaDevice other = system.initDevice("dev1", OPTIONS);

    UntaggedDomainTest() {
        vendor.calls.clear();
    }

    @AfterEach
    void everythingComesBack() {
        vendor.during = call -> {};
        device.attachUntagged(null);
        other.attachUntagged(null);
        // Throws if a frame is missing, or something is still attached.
        system.close();
    }

    private IoDomain domain(IoDomain.Kind kind) {
        return system.createDomain(kind, "buffers");
    }

    private IoDomain paging() {
        return domain(IoDomain.Kind.PAGING);
    }

    private long free() {
        return system.counters().freeBytes();
    }

    private static SvaError errorOf(Runnable call) {
        try {
            call.run();
            return null;
        } catch (SvaException e) {
            return e.error();
        }
    }

    private void failing(String step, RuntimeException with) {
        vendor.during = call -> {
            if (call.equals(step)) {
                throw with;
            }
        };
    }

    // Attaching

    @Test
    void aPagingDomainHasAContextFromBeforeItsEntryUntilAfterTheDrain() {
        IoDomain domain = paging();

        device.attachUntagged(domain);
        device.attachUntagged(null);

        assertThat(vendor.calls).containsExactly("open", "untagged TRANSLATED", "untagged BLOCKED", "drain", "close");
    }

    @ParameterizedTest
    @CsvSource({"BLOCKED", "IDENTITY"})
    void theOtherKindsAreAWordToTheDriverHalf(IoDomain.Kind kind) {
        device.attachUntagged(domain(kind));
        device.attachUntagged(null);

        assertThat(vendor.calls).containsExactly("untagged " + kind, "untagged BLOCKED");
    }

    @Test
    void aDomainTakesThePlaceOfAnother() {
        IoDomain first = paging();
        device.attachUntagged(first);
        vendor.calls.clear();

        device.attachUntagged(paging());

        assertThat(vendor.calls).containsExactly("open", "untagged TRANSLATED", "drain", "close");
        first.close();
    }

    @Test
    void attachingAgainOrDetachingWhatIsNotAttachedDoesNothing() {
        device.attachUntagged(null);
        IoDomain domain = domain(IoDomain.Kind.IDENTITY);
        device.attachUntagged(domain);
        vendor.calls.clear();

        device.attachUntagged(domain);

        assertThat(vendor.calls).isEmpty();
    }

    @Test
    void aDomainThatIsRefusedLeavesTheOneBeforeInPlace() {
        IoDomain before = paging();
        IoDomain refused = domain(IoDomain.Kind.IDENTITY);
        device.attachUntagged(before);
        failing("untagged IDENTITY", new SvaException(SvaError.UNSUPPORTED, "no identity"));

        assertThat(errorOf(() -> device.attachUntagged(refused))).isEqualTo(SvaError.UNSUPPORTED);

        assertThat(errorOf(before::close)).isEqualTo(SvaError.BUSY);
        refused.close();
        assertThat(vendor.calls).doesNotContain("untagged BLOCKED", "close");
    }

    @Test
    void aContextThatCannotBeOpenedLeavesTheOneBeforeInPlace() {
        IoDomain before = domain(IoDomain.Kind.IDENTITY);
        IoDomain refused = paging();
        device.attachUntagged(before);
        failing("open", new SvaException(SvaError.NO_SPACE, "no tag"));

        assertThat(errorOf(() -> device.attachUntagged(refused))).isEqualTo(SvaError.NO_SPACE);

        assertThat(errorOf(before::close)).isEqualTo(SvaError.BUSY);
        refused.close();
        assertThat(vendor.calls).containsExactly("untagged IDENTITY");
    }

    @Test
    void aDomainThatWasNotConfirmedIsTakenOutAgainAndTheDeviceCutOff() {
        IoDomain before = paging();
        IoDomain next = paging();
        device.attachUntagged(before);
        vendor.calls.clear();
        failing("untagged TRANSLATED", RecordingVendor.timedOut());

        assertThat(errorOf(() -> device.attachUntagged(next))).isEqualTo(SvaError.TIMED_OUT);

        assertThat(fenced).containsExactly("dev0");
        assertThat(vendor.calls).containsExactly("open", "gone", "untagged BLOCKED", "close", "drain", "close");
        before.close();
        next.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"untagged BLOCKED", "drain", "close"})
    void detachingGoesToItsEndThoughTheHardwareDoesNotConfirm(String step) {
        IoDomain domain = paging();
        device.attachUntagged(domain);
        failing(step, RecordingVendor.timedOut());

        assertThat(errorOf(() -> device.attachUntagged(null))).isEqualTo(SvaError.TIMED_OUT);

        assertThat(fenced).containsExactly("dev0");
        domain.close();
    }

    // Processes and domains

    @Test
    void aProcessIsRefusedWhereADomainIs() {
        device.attachUntagged(paging());

        assertThatThrownBy(() -> device.bindUntagged(system.createAddressSpace("app"), null))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.BUSY))
                .hasMessageContaining("domain buffers (PAGING)");
        assertThat(device.find(DmaPort.NO_PASID)).isEmpty();
    }

    @Test
    void aDomainAndEvenNoneIsRefusedWhereAProcessIs() {
        SvaBond bond = device.bindUntagged(system.createAddressSpace("app"), null);
        IoDomain domain = paging();
        vendor.calls.clear();

        assertThat(errorOf(() -> device.attachUntagged(domain))).isEqualTo(SvaError.BUSY);
        assertThat(errorOf(() -> device.attachUntagged(null))).isEqualTo(SvaError.BUSY);

        assertThat(vendor.calls).isEmpty();
        domain.close();
        bond.unbind();
    }

    @Test
    void processesBehindPasidsGoOnBesideADomain() {
        SvaBond bond = device.bind(system.createAddressSpace("app"), null);
        device.attachUntagged(domain(IoDomain.Kind.IDENTITY));

        device.attachUntagged(null);
        bond.unbind();

        assertThat(vendor.calls)
                .containsExactly("open", "set", "untagged IDENTITY", "untagged BLOCKED", "clear", "drain", "close");
    }

    // Several devices

    @Test
    void devicesOfOneIommuShareTheContextAndOneInvalidation() {
        IoDomain domain = paging();
        domain.map(AT, PA, PAGE, Protection.READ);
        device.attachUntagged(domain);
        other.attachUntagged(domain);

        domain.unmap(AT, PAGE);
        device.attachUntagged(null);
        other.attachUntagged(null);

        assertThat(vendor.calls)
                .containsExactly(
                        "open",
                        "untagged TRANSLATED",
                        "untagged TRANSLATED",
                        "invalidate",
                        "untagged BLOCKED",
                        "drain",
                        "untagged BLOCKED",
                        "drain",
                        "close");
    }

    @Test
    void anInvalidationThatIsNotConfirmedCutsOffEveryDeviceThatMayStillReachTheRange() {
        IoDomain domain = paging();
        domain.map(AT, PA, PAGE, Protection.READ);
        device.attachUntagged(domain);
        other.attachUntagged(domain);
        failing("invalidate", RecordingVendor.timedOut());

        assertThat(domain.unmap(AT, PAGE)).isEqualTo(PAGE);

        assertThat(fenced).containsExactlyInAnyOrder("dev0", "dev1");
    }

    // Mappings

    @Test
    void tablesAreFreedAfterTheInvalidationAndNotBefore() {
        IoDomain domain = paging();
        device.attachUntagged(domain);
        long empty = free();
        domain.map(AT, PA, PAGE, Protection.READ_WRITE);
        long mapped = free();
        List<Long> during = new ArrayList<>();
        vendor.during = call -> {
            if (call.equals("invalidate")) {
                during.add(free());
            }
        };

        domain.unmap(AT, PAGE);

        assertThat(during).containsExactly(mapped);
        assertThat(free()).isEqualTo(empty);
    }

    @Test
    void unmapCountsWhatWasMappedAndSkipsHoles() {
        IoDomain domain = paging();
        domain.map(AT, PA, 2 * PAGE, Protection.READ);
        domain.map(AT + 4 * PAGE, PA, PAGE, Protection.READ);

        assertThat(domain.unmap(AT + PAGE, 16 * PAGE)).isEqualTo(2 * PAGE);
        assertThat(domain.unmap(AT, 16 * PAGE)).isEqualTo(PAGE);
        assertThat(domain.unmap(AT, 16 * PAGE)).isZero();
    }

    @Test
    void unmappingNothingOrWithoutADeviceNeedsNoInvalidation() {
        IoDomain domain = paging();
        domain.map(AT, PA, PAGE, Protection.READ);
        domain.unmap(AT, PAGE);
        device.attachUntagged(domain);
        domain.unmap(AT, PAGE);

        assertThat(vendor.calls).containsExactly("open", "untagged TRANSLATED");
    }

    @Test
    void aPartOfWhatWasMappedAtOnceCanBeUnmapped() {
        IoDomain domain = paging();
        domain.map(0x4000_0000L, 0x4000_0000L, 4 << 20, Protection.READ);

        assertThat(domain.unmap(0x4000_0000L + PAGE, PAGE)).isEqualTo(PAGE);
    }

    @Test
    void aMapOverWhatIsMappedChangesNothing() {
        IoDomain domain = paging();
        domain.map(AT + (1L << 30), PA, PAGE, Protection.READ);
        long before = free();

        assertThatThrownBy(() -> domain.map(AT, PA, (1L << 30) + PAGE, Protection.READ))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.EXISTS))
                .hasMessageContaining("0x40400000 is mapped already");

        assertThat(free()).isEqualTo(before);
        assertThat(domain.unmap(0, 1L << 40)).isEqualTo(PAGE);
    }

    @Test
    void aMapThatRunsOutOfMemoryChangesNothing() {
        IoDomain domain = paging();
        long before = free();

        // Needs more tables than there is memory.
        assertThat(errorOf(() -> domain.map(AT, PA, 4L << 30, Protection.READ))).isEqualTo(SvaError.NO_MEMORY);

        assertThat(free()).isEqualTo(before);
        assertThat(domain.unmap(0, 1L << 40)).isZero();
    }

    @Test
    void aDomainForWhichThereIsNoMemoryIsRefused() {
        List<IoDomain> taken = new ArrayList<>();
        SvaError error = null;
        while (error == null) {
            error = errorOf(() -> taken.add(paging()));
        }

        assertThat(error).isEqualTo(SvaError.NO_MEMORY);
        taken.forEach(IoDomain::close);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 4096, iova 0x1",
        "0, 1, 4096, pa 0x1",
        "0, 0, 4095, size 0xfff",
        "0, 0, 0, not within",
        "0xffffffffff000, 0, 0x2000, not within",
        "0, 0x1000000000000, 4096, wider than 48 bits",
        "0, 0xfffffffff000, 8192, wider than 48 bits",
    })
    void argumentsThatMakeNoSenseAreRefused(String iova, String pa, String size, String message) {
        IoDomain domain = paging();

        assertThatThrownBy(() -> domain.map(Long.decode(iova), Long.decode(pa), Long.decode(size), Protection.READ))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.INVALID))
                .hasMessageContaining(message);
    }

    @Test
    void aMappingThatAllowsNothingIsRefused() {
        assertThat(errorOf(() -> paging().map(AT, PA, PAGE, Protection.NONE))).isEqualTo(SvaError.INVALID);
    }

    @ParameterizedTest
    @CsvSource({"BLOCKED", "IDENTITY"})
    void onlyPagingDomainsHaveMappings(IoDomain.Kind kind) {
        IoDomain domain = domain(kind);

        assertThat(errorOf(() -> domain.map(AT, PA, PAGE, Protection.READ))).isEqualTo(SvaError.UNSUPPORTED);
        assertThat(errorOf(() -> domain.unmap(AT, PAGE))).isEqualTo(SvaError.UNSUPPORTED);
        assertThat(domain.kind()).isEqualTo(kind);
        assertThat(domain.pasid()).isEqualTo(DmaPort.NO_PASID);
    }

    // Ends

    @Test
    void aDomainInUseIsNotClosedAndNamesItsDevices() {
        IoDomain domain = paging();
        device.attachUntagged(domain);
        other.attachUntagged(domain);

        assertThatThrownBy(domain::close)
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.BUSY))
                .hasMessageContaining("dev0, dev1");
        domain.map(AT, PA, PAGE, Protection.READ);
    }

    @Test
    void aClosedDomainIsStale() {
        IoDomain domain = paging();
        domain.close();
        domain.close();

        assertThat(errorOf(() -> domain.map(AT, PA, PAGE, Protection.READ))).isEqualTo(SvaError.STALE);
        assertThat(errorOf(() -> domain.unmap(AT, PAGE))).isEqualTo(SvaError.STALE);
        assertThat(errorOf(() -> device.attachUntagged(domain))).isEqualTo(SvaError.STALE);
        assertThat(vendor.calls).isEmpty();
    }

    @Test
    void closingTheDeviceDetachesAndTheDomainLivesOn() {
        SvaSystem own = systemOf(vendor);
        SvaDevice closing = own.initDevice("dev0", OPTIONS);
        IoDomain domain = own.createDomain(IoDomain.Kind.PAGING, "buffers");
        closing.attachUntagged(domain);
        vendor.calls.clear();

        closing.close();

        assertThat(vendor.calls).containsExactly("untagged BLOCKED", "drain", "close", "pri false", "ats false");
        domain.map(AT, PA, PAGE, Protection.READ);
        assertThat(errorOf(() -> closing.attachUntagged(domain))).isEqualTo(SvaError.NO_DEVICE);
        own.close();
    }

    @Test
    void aDeviceThatWasPulledOutCanBeDetachedButNotAttached() {
        IoDomain domain = paging();
        device.attachUntagged(domain);
        system.endpoint("dev0").surpriseRemove();

        device.attachUntagged(null);

        assertThat(errorOf(() -> device.attachUntagged(domain))).isEqualTo(SvaError.NO_DEVICE);
        domain.close();
    }

    @Test
    void aDomainOfAnotherSystemIsRefused() {
        try (SvaSystem foreign = systemOf(vendor)) {
            IoDomain domain = foreign.createDomain(IoDomain.Kind.IDENTITY, "foreign");

            assertThat(errorOf(() -> device.attachUntagged(domain))).isEqualTo(SvaError.INVALID);
        }
    }

    @Test
    void systemCloseNamesWhatIsAttachedAndTakesBackWhatIsNot() {
        SvaSystem own = systemOf(vendor);
        own.createDomain(IoDomain.Kind.PAGING, "idle").map(AT, PA, PAGE, Protection.READ);
        own.initDevice("dev0", OPTIONS).attachUntagged(own.createDomain(IoDomain.Kind.PAGING, "buffers"));

        assertThatThrownBy(own::close)
                .hasMessageContaining("domain buffers (PAGING) still had untagged traffic of dev0")
                .hasMessageNotContaining("idle");
    }

    private static SvaSystem systemOf(RecordingVendor vendor) {
        return SvaSystem.builder()
                .vendor(vendor)
                .memory(1 << 22)
                .device(DeviceSpec.pci("dev0", 0x100))
                .build();
    }
}
