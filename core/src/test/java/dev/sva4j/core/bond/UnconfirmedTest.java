package dev.sva4j.core.bond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.spi.Scheduler;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A driver half that times out or breaks: whatever was begun comes to its end, and nothing is kept. */
@Timeout(60)
class UnconfirmedTest {
    private static final long AT = 0x40_0000;
    private static final long PAGE = 4096;

    private final RecordingVendor vendor = new RecordingVendor();
    private final SvaSystem system = SvaSystem.builder()
            .vendor(vendor)
            .memory(1 << 22)
            .device(DeviceSpec.pci("dev0", 0x100))
            .build();

    private static Consumer<String> failing(String which, RuntimeException with) {
        return call -> {
            if (call.equals(which)) {
                throw with;
            }
        };
    }

    private SvaDevice init() {
        SvaDevice device = system.initDevice("dev0", DeviceOptions.DEFAULT);
        vendor.calls.clear();
        return device;
    }

    private void everythingComesBack() {
        vendor.during = call -> {};
        // Throws if a frame is missing.
        system.close();
        assertThat(system.pasids().allocated()).isZero();
    }

    @Test
    void anEntryThatWasWrittenButNotConfirmedIsTakenOutAgain() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        vendor.during = failing("set", RecordingVendor.timedOut());

        assertThatThrownBy(() -> device.bind(mm, null)).hasMessageContaining("no completion");

        assertThat(vendor.calls).containsExactly("open", "gone", "clear", "drain", "close");
        assertThat(device.bonds()).isEmpty();
        everythingComesBack();
    }

    @ParameterizedTest
    @ValueSource(strings = {"clear", "drain", "close"})
    void unbindGoesToItsEnd(String step) {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        SvaBond bond = device.bind(mm, null);
        vendor.during = failing(step, RecordingVendor.timedOut());

        assertThatThrownBy(bond::unbind).hasMessageContaining("no completion");

        assertThat(bond.state()).isEqualTo(BondState.NONE);
        assertThat(device.bonds()).isEmpty();
        assertThat(vendor.calls).contains("gone");
        everythingComesBack();
    }

    @ParameterizedTest
    @ValueSource(strings = {"clear", "drain", "close", "pri false", "ats false"})
    void closeEndsTheDeviceSoThatItCanBeInitialisedAgain(String step) {
        SvaDevice device = init();
        SvaBond first = device.bind(system.createAddressSpace("a"), null);
        SvaBond second = device.bind(system.createAddressSpace("b"), null);
        vendor.during = failing(step, RecordingVendor.timedOut());

        assertThatThrownBy(device::close).hasMessageContaining("no completion");

        vendor.during = call -> {};
        assertThat(List.of(first.state(), second.state())).containsOnly(BondState.NONE);
        system.initDevice("dev0", DeviceOptions.DEFAULT);
        everythingComesBack();
    }

    @Test
    void atsThatMayBeOnIsTurnedOffAgain() {
        vendor.calls.clear();
        vendor.during = failing("ats true", RecordingVendor.timedOut());

        assertThatThrownBy(() -> system.initDevice("dev0", DeviceOptions.DEFAULT))
                .hasMessageContaining("no completion");

        assertThat(vendor.calls).containsExactly("gone", "ats false");
        everythingComesBack();
    }

    @ParameterizedTest
    @ValueSource(strings = {"quiesce", "invalidate"})
    void aDriverHalfThatBreaksDoesNotKeepAProcessFromEnding(String step) {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        mm.map(AT, PAGE, Protection.READ_WRITE);
        mm.populate(AT, PAGE, Access.WRITE);
        SvaBond bond = device.bind(mm, null);
        vendor.during = failing(step, new IllegalStateException("broken"));

        mm.unmap(AT, PAGE);
        mm.close();

        assertThat(mm.isReclaimed()).isTrue();
        assertThat(vendor.calls).contains("gone");
        bond.unbind();
        everythingComesBack();
    }

    @Test
    void memoryIsNotReusedWhileSomebodyElseIsStillFencing() {
        SvaDevice device = init();
        AddressSpace mm = system.createAddressSpace("app");
        mm.map(AT, 2 * PAGE, Protection.READ_WRITE);
        mm.populate(AT, 2 * PAGE, Access.WRITE);
        SvaBond bond = device.bind(mm, null);
        AtomicReference<Scheduler.Task> second = new AtomicReference<>();
        AtomicReference<Boolean> overTooEarly = new AtomicReference<>();
        vendor.during = call -> {
            if (call.equals("invalidate")) {
                throw RecordingVendor.timedOut();
            }
            if (call.equals("gone")) {
                second.set(system.scheduler().spawn("unmap", () -> mm.unmap(AT + PAGE, PAGE)));
                // Long enough for an unmap that does not wait; one that does is still there.
                second.get().join(system.scheduler().nanoTime() + 50_000_000L);
                overTooEarly.set(second.get().isDone());
            }
        };

        mm.unmap(AT, PAGE);
        second.get().join(Scheduler.NEVER);

        assertThat(overTooEarly.get()).isFalse();
        vendor.during = call -> {};
        bond.unbind();
        everythingComesBack();
    }

    @ParameterizedTest
    @ValueSource(strings = {"detach", "stop"})
    void systemCloseGoesToItsEndAndSaysWhatBroke(String step) {
        AtomicInteger ended = new AtomicInteger();
        vendor.during = failing(step, new IllegalStateException("broken"));

        assertThatThrownBy(system::close).hasMessageContaining("broken");

        // The scheduler of the system was closed too.
        assertThatThrownBy(() -> system.scheduler().spawn("late", ended::incrementAndGet))
                .hasMessageContaining("closed");
        assertThat(ended).hasValue(0);
    }
}
