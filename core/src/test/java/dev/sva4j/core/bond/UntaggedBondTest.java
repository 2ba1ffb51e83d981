package dev.sva4j.core.bond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.ExitPolicy;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.spi.IommuCapabilities;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process behind requests without a PASID lives and dies like one behind a PASID. */
@Timeout(60)
class UntaggedBondTest {
    private static final long AT = 0x40_0000;
    private static final long LONG = 20_000_000_000L;
    private static final DeviceOptions OPTIONS =
            DeviceOptions.DEFAULT.withFeatures(DeviceFeature.PAGE_FAULTS, DeviceFeature.NO_PASID);

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
        // Throws if a frame, a bond or a PASID is missing.
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

    private static SvaError errorOf(Runnable call) {
        try {
            call.run();
            return null;
        } catch (SvaException e) {
            return e.error();
        }
    }

    private void await(SvaBond bond, BondState state) {
        system.scheduler().await(() -> bond.state() == state, system.scheduler().nanoTime() + LONG);
        assertThat(bond.state()).isEqualTo(state);
    }

    // bind and unbind

    @Test
    void bindOpensTheContextBeforeTheEntryIsSetAndUnbindDrainsAfterItIsBlocked() {
        SvaDevice device = init();

        device.bindUntagged(system.createAddressSpace("app"), null).unbind();

        assertThat(vendor.calls).containsExactly("open", "untagged TRANSLATED", "untagged BLOCKED", "drain", "close");
    }

    @Test
    void itTakesNoPasid() {
        SvaDevice device = init();

        SvaBond bond = device.bindUntagged(system.createAddressSpace("app"), null);

        assertThat(bond.pasid()).isEqualTo(DmaPort.NO_PASID);
        assertThat(system.pasids().allocated()).isZero();
        assertThat(device.find(DmaPort.NO_PASID)).containsSame(bond);
        bond.unbind();
    }

    @Test
    void theSamePairGetsTheSameBondAndNeedsAsManyUnbinds() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond first = device.bindUntagged(mm, "data");

        SvaBond second = device.bindUntagged(mm, "other");

        assertThat(second).isSameAs(first);
        first.unbind();
        assertThat(first.state()).isEqualTo(BondState.BOUND);
        second.unbind();
        assertThat(errorOf(first::unbind)).isEqualTo(SvaError.STALE);
    }

    @Test
    void anotherProcessIsRefusedUntilTheFirstIsUnbound() {
        SvaDevice device = init();
        AddressSpace other = system.createAddressSpace("other");
        SvaBond bond = device.bindUntagged(system.createAddressSpace("app"), null);
        vendor.calls.clear();

        assertThatThrownBy(() -> device.bindUntagged(other, null))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.BUSY))
                .hasMessageContaining("bond of dev0 and app");

        assertThat(vendor.calls).isEmpty();
        bond.unbind();
        device.bindUntagged(other, null).unbind();
    }

    @Test
    void aBondWithAPasidAndOneWithoutStandSideBySideInOneContext() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");

        SvaBond tagged = device.bind(mm, null);
        SvaBond untagged = device.bindUntagged(mm, null);

        assertThat(untagged).isNotSameAs(tagged);
        assertThat(device.bonds()).containsExactlyInAnyOrder(tagged, untagged);
        untagged.unbind();
        assertThat(tagged.state()).isEqualTo(BondState.BOUND);
        tagged.unbind();
        assertThat(vendor.calls)
                .containsExactly(
                        "open", "set", "untagged TRANSLATED", "untagged BLOCKED", "drain", "clear", "drain", "close");
    }

    @Test
    void aBindThatTheHardwareRefusesLeavesNothingBehind() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        vendor.during = call -> {
            if (call.equals("untagged TRANSLATED")) {
                throw new SvaException(SvaError.NO_MEMORY, "no table");
            }
        };

        assertThat(errorOf(() -> device.bindUntagged(mm, null))).isEqualTo(SvaError.NO_MEMORY);

        assertThat(device.bonds()).isEmpty();
        assertThat(vendor.calls).containsExactly("open", "close");
        vendor.during = call -> {};
        device.bindUntagged(system.createAddressSpace("next"), null).unbind();
    }

    @Test
    void anEntryThatWasWrittenButNotConfirmedIsTakenOutAgain() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        vendor.during = call -> {
            if (call.equals("untagged TRANSLATED")) {
                throw RecordingVendor.timedOut();
            }
        };

        assertThat(errorOf(() -> device.bindUntagged(mm, null))).isEqualTo(SvaError.TIMED_OUT);

        assertThat(vendor.calls).containsExactly("open", "gone", "untagged BLOCKED", "drain", "close");
        assertThat(device.bonds()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"untagged BLOCKED", "drain", "close"})
    void unbindGoesToItsEndThoughTheHardwareDoesNotConfirm(String step) {
        SvaDevice device = init();
        SvaBond bond = device.bindUntagged(system.createAddressSpace("app"), null);
        vendor.during = call -> {
            if (call.equals(step)) {
                throw RecordingVendor.timedOut();
            }
        };

        assertThat(errorOf(bond::unbind)).isEqualTo(SvaError.TIMED_OUT);

        assertThat(bond.state()).isEqualTo(BondState.NONE);
        assertThat(vendor.calls).contains("gone");
    }

    // exit

    @Test
    void exitQuiescesThenReclaimsThenCallsBackAndUnbindIsAsEver() {
        CountDownLatch called = new CountDownLatch(1);
        AtomicReference<Boolean> reclaimedBefore = new AtomicReference<>();
        SvaDevice device = init(OPTIONS.withMmExit(bond -> {
            reclaimedBefore.set(bond.addressSpace().isReclaimed());
            called.countDown();
        }));
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond bond = device.bindUntagged(mm, null);

        mm.close();
        system.scheduler()
                .await(() -> called.getCount() == 0, system.scheduler().nanoTime() + LONG);

        assertThat(reclaimedBefore.get()).isTrue();
        assertThat(bond.state()).isEqualTo(BondState.QUIESCED);
        bond.unbind();
        assertThat(vendor.calls)
                .containsExactly(
                        "open", "untagged TRANSLATED", "untagged QUIESCED", "untagged BLOCKED", "drain", "close");
    }

    @Test
    void aDeadProcessKeepsUntaggedTrafficUntilUnbind() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        AddressSpace next = system.createAddressSpace("next");
        SvaBond bond = device.bindUntagged(mm, null);
        mm.close();

        assertThat(errorOf(() -> device.bindUntagged(next, null))).isEqualTo(SvaError.BUSY);
        bond.unbind();
        device.bindUntagged(next, null).unbind();
    }

    @Test
    void theReturnOfTheCallbackReleasesItUnderThatPolicy() {
        SvaDevice device = init(OPTIONS.withExitPolicy(ExitPolicy.RELEASE_ON_RETURN));
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond bond = device.bindUntagged(mm, null);

        mm.close();

        await(bond, BondState.NONE);
        assertThat(vendor.calls)
                .containsExactly(
                        "open", "untagged TRANSLATED", "untagged QUIESCED", "untagged BLOCKED", "drain", "close");
    }

    @Test
    void theInlinePolicyCallsBackWhileTheEntryIsLive() {
        AtomicReference<BondState> during = new AtomicReference<>();
        SvaDevice device = init(OPTIONS.withMmExit(bond -> during.set(bond.state()))
                .withExitPolicy(ExitPolicy.RELEASE_ON_RETURN_INLINE));
        AddressSpace mm = system.createAddressSpace("app");
        device.bindUntagged(mm, null);

        mm.close();

        assertThat(during.get()).isEqualTo(BondState.BOUND);
        assertThat(mm.isReclaimed()).isTrue();
        assertThat(vendor.calls).containsExactly("open", "untagged TRANSLATED", "untagged BLOCKED", "drain", "close");
    }

    @ParameterizedTest
    @EnumSource(ExitPolicy.class)
    void bothBondsOfADeadProcessEnd(ExitPolicy policy) {
        SvaDevice device = init(OPTIONS.withMmExit(SvaBond::unbind).withExitPolicy(policy));
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond tagged = device.bind(mm, null);
        SvaBond untagged = device.bindUntagged(mm, null);

        mm.oomKill();
        mm.close();

        await(tagged, BondState.NONE);
        await(untagged, BondState.NONE);
    }

    @Test
    void aQuiesceThatIsNotConfirmedFencesTheDeviceBeforeFramesAreReused() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond bond = device.bindUntagged(mm, null);
        vendor.during = call -> {
            if (call.equals("untagged QUIESCED")) {
                throw RecordingVendor.timedOut();
            }
        };

        mm.close();

        assertThat(mm.isReclaimed()).isTrue();
        assertThat(vendor.calls).containsExactly("open", "untagged TRANSLATED", "gone");
        bond.unbind();
    }

    // faults

    @Test
    void pageRequestsWithoutAPasidAreResolvedByTheProcessOnce() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        mm.map(AT, 4096, Protection.READ);
        SvaBond bond = device.bindUntagged(mm, null);
        var faults = Objects.requireNonNull(vendor.host.get()).faults();

        faults.pageRequest(request(Pasid.NONE, AT, 1));
        faults.pageRequest(request(Pasid.NONE, AT + 8192, 2));
        faults.pageRequest(request(1, AT, 3));
        bond.unbind();
        faults.pageRequest(request(Pasid.NONE, AT, 4));

        assertThat(vendor.calls.stream()
                        .filter(call -> call.startsWith("respond"))
                        .sorted())
                .containsExactly("respond INVALID", "respond INVALID", "respond INVALID", "respond SUCCESS");
    }

    @Test
    void pageRequestsOfADeadProcessAreInvalidAtOnce() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond bond = device.bindUntagged(mm, null);
        mm.close();
        vendor.calls.clear();

        Objects.requireNonNull(vendor.host.get()).faults().pageRequest(request(Pasid.NONE, AT, 1));

        assertThat(vendor.calls).containsExactly("respond INVALID");
        bond.unbind();
    }

    private static PageRequest request(int pasid, long address, int group) {
        return new PageRequest(0x100, pasid, address, true, false, false, false, group, true, PageRequest.Kind.PRI);
    }

    @Test
    void changesOfMappingsReachTheDriver() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        mm.map(AT, 4096, Protection.READ_WRITE);
        SvaBond bond = device.bindUntagged(mm, null);
        mm.populate(AT, 4096, Access.WRITE);

        mm.unmap(AT, 4096);

        assertThat(vendor.calls).containsExactly("open", "untagged TRANSLATED", "invalidate");
        bond.unbind();
    }

    // conditions

    @Test
    void aDeviceWithoutPasidsCanBeBoundToUntaggedTrafficOnly() {
        SvaDevice bare = system.initDevice("bare0", OPTIONS);
        AddressSpace mm = system.createAddressSpace("app");

        assertThat(bare.pasids()).isEqualTo(PasidRange.EMPTY);
        assertThatThrownBy(() -> bare.bind(mm, null))
                .isInstanceOfSatisfying(
                        SvaException.class, e -> assertThat(e.error()).isEqualTo(SvaError.UNSUPPORTED))
                .hasMessageContaining("no PASID capability");
        bare.bindUntagged(mm, null).unbind();
    }

    @Test
    void aDeviceWithoutPasidsNeedsTheFeature() {
        assertThatThrownBy(() -> system.initDevice("bare0", DeviceOptions.DEFAULT))
                .hasMessageContaining("no PASID capability");
    }

    @Test
    void aDeviceThatWasInitialisedWithoutTheFeatureRefuses() {
        SvaDevice device = init(DeviceOptions.DEFAULT);

        assertThat(errorOf(() -> device.bindUntagged(system.createAddressSpace("app"), null)))
                .isEqualTo(SvaError.UNSUPPORTED);
        assertThat(vendor.calls).isEmpty();
    }

    @Test
    void behindAnIommuWithoutPasidsItWorksAlike() {
        try (SvaSystem other = systemWith(new IommuCapabilities(0, 48, 48, features()))) {
            SvaDevice device = other.initDevice("dev0", OPTIONS);
            AddressSpace mm = other.createAddressSpace("app");

            assertThatThrownBy(() -> device.bind(mm, null)).hasMessageContaining("iommu0 takes no PASIDs");
            device.bindUntagged(mm, null).unbind();
        }
    }

    @Test
    void behindAnIommuThatCannotWalkATableForItTheFeatureIsRefused() {
        Set<IommuCapabilities.Feature> features = features();
        features.remove(IommuCapabilities.Feature.UNTAGGED_PROCESS);
        try (SvaSystem other = systemWith(new IommuCapabilities(20, 48, 48, features))) {
            assertThatThrownBy(() -> other.initDevice("dev0", OPTIONS))
                    .hasMessageContaining("cannot walk the tables of a process");
        }
    }

    private static Set<IommuCapabilities.Feature> features() {
        return EnumSet.allOf(IommuCapabilities.Feature.class);
    }

    private static SvaSystem systemWith(IommuCapabilities capabilities) {
        RecordingVendor poor = new RecordingVendor();
        poor.capabilities = capabilities;
        return SvaSystem.builder()
                .vendor(poor)
                .memory(1 << 22)
                .device(DeviceSpec.pci("dev0", 0x100))
                .build();
    }

    // ends

    @Test
    void closingTheDeviceUnbinds() {
        SvaDevice device = init();
        SvaBond bond = device.bindUntagged(system.createAddressSpace("app"), null);

        device.close();

        assertThat(bond.state()).isEqualTo(BondState.NONE);
        assertThat(vendor.calls)
                .containsExactly(
                        "open", "untagged TRANSLATED", "untagged BLOCKED", "drain", "close", "pri false", "ats false");
    }

    @Test
    void aDeviceThatWasPulledOutIsUnboundAsEver() {
        SvaDevice device = init();
        SvaBond bond = device.bindUntagged(system.createAddressSpace("app"), null);

        system.endpoint("dev0").surpriseRemove();
        bond.unbind();

        assertThat(bond.state()).isEqualTo(BondState.NONE);
        assertThat(errorOf(() -> device.bindUntagged(system.createAddressSpace("next"), null)))
                .isEqualTo(SvaError.NO_DEVICE);
    }

    @Test
    void systemCloseNamesTheBond() {
        SvaSystem other = systemWith(vendor.capabilities);
        other.initDevice("dev0", OPTIONS).bindUntagged(other.createAddressSpace("app"), null);

        assertThatThrownBy(other::close).hasMessageContaining("bond of dev0 and app (untagged traffic");
    }
}
