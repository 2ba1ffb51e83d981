package dev.sva4j.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.api.SvaSystemBuilder;
import dev.sva4j.vendor.smmu.SmmuVendor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Input that makes no sense gets one clear error each. What depends on a plug-in is in chapter 9 of the rules. */
class BadInputTest {
    private static final DeviceSpec DEVICE = DeviceSpec.platform("accel0", 0x10).withPasidBits(8);

    @Test
    void anUnknownVendorIsRefusedWithTheOnesThereAre() {
        SvaException refusal =
                refusal(() -> SvaSystem.builder().vendor("no-such-vendor").build());

        assertThat(refusal.error()).isEqualTo(SvaError.NO_DEVICE);
        assertThat(refusal).hasMessageContaining("no-such-vendor").hasMessageContaining("arm-smmu-v3");
    }

    @Test
    void aSystemWithoutAVendorIsRefused() {
        assertThat(refusal(() -> SvaSystem.builder().build()).error()).isEqualTo(SvaError.INVALID);
    }

    @Test
    void anUnknownDeviceIsRefusedWithTheOnesThereAre() {
        try (SvaSystem system = builder().build()) {
            SvaException refusal = refusal(() -> system.initDevice("accel1", DeviceOptions.DEFAULT));

            assertThat(refusal.error()).isEqualTo(SvaError.NO_DEVICE);
            assertThat(refusal).hasMessageContaining("accel1").hasMessageContaining("accel0");
        }
    }

    @Test
    void twoDevicesOfOneNameAreRefused() {
        assertThat(refusal(() -> builder().device(DEVICE).build()).error()).isEqualTo(SvaError.EXISTS);
    }

    @Test
    void twoDevicesOfOneRequesterIdAreRefused() {
        try (SvaSystem system = builder().build()) {
            assertThat(refusal(() -> system.addDevice(DeviceSpec.platform("accel1", 0x10)))
                            .error())
                    .isEqualTo(SvaError.EXISTS);
        }
    }

    @Test
    void aDeviceBehindNoIommuIsRefused() {
        try (SvaSystem system = builder().build()) {
            assertThat(refusal(() -> system.addDevice(
                                    DeviceSpec.platform("accel1", 0x11).withUnit(3)))
                            .error())
                    .isEqualTo(SvaError.INVALID);
        }
    }

    @Test
    void pasidZeroIsNoPasidToAskFor() {
        assertThat(refusal(() -> new PasidRange(0, 5)).error()).isEqualTo(SvaError.RANGE);
    }

    @Test
    void pasidsThatTheDeviceCannotSendAreRefused() {
        try (SvaSystem system = builder().build()) {
            DeviceOptions beyond = DeviceOptions.DEFAULT.withPasids(new PasidRange(256, 300));

            assertThat(refusal(() -> system.initDevice("accel0", beyond)).error())
                    .isEqualTo(SvaError.RANGE);

            system.initDevice("accel0", DeviceOptions.DEFAULT).close();
        }
    }

    @Test
    void aPasidWiderThanTheDevicesIsNoRequest() {
        try (SvaSystem system = builder().build()) {
            DmaPort port = system.endpoint("accel0").openPort();

            assertThat(refusal(() -> port.read(256, 0, new byte[8], 0, 8)).error())
                    .isEqualTo(SvaError.RANGE);
        }
    }

    @Test
    void aMisalignedAtomicIsNoRequest() {
        try (SvaSystem system = builder().build()) {
            DmaPort port = system.endpoint("accel0").openPort();

            assertThat(refusal(() -> port.fetchAdd(1, 4, 1)).error()).isEqualTo(SvaError.INVALID);
        }
    }

    @Test
    void closingASystemInUseNamesWhatIsBoundAndEndsItAllTheSame() {
        SvaSystem system = builder().build();
        SvaDevice device = system.initDevice("accel0", DeviceOptions.DEFAULT);
        AddressSpace app = system.createAddressSpace("app");
        app.map(0x1000, 0x1000, Protection.READ_WRITE);
        SvaBond bond = device.bind(app, null);

        SvaException refusal = refusal(system::close);

        assertThat(refusal.error()).isEqualTo(SvaError.BUSY);
        assertThat(refusal).hasMessageContaining("accel0").hasMessageContaining("app");
        assertThat(bond.state()).isEqualTo(BondState.NONE);
        assertThat(system.counters().freeBytes()).isEqualTo(system.counters().totalBytes());
        assertThat(system.pasids().allocated()).isZero();
    }

    @Test
    void aClosedSystemDoesNothingMore() {
        SvaSystem system = builder().build();
        system.close();

        assertThat(refusal(() -> system.createAddressSpace("late")).error()).isEqualTo(SvaError.STALE);
        assertThat(refusal(() -> system.initDevice("accel0", DeviceOptions.DEFAULT))
                        .error())
                .isEqualTo(SvaError.STALE);
    }

    private static SvaSystemBuilder builder() {
        return SvaSystem.builder().vendor(new SmmuVendor()).memory(4L << 20).device(DEVICE);
    }

    private static SvaException refusal(ThrowingCallable call) {
        return catchThrowableOfType(SvaException.class, call);
    }
}
