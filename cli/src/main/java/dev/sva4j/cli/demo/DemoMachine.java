package dev.sva4j.cli.demo;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.ExitPolicy;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.api.SvaSystemBuilder;
import dev.sva4j.api.TraceSink;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.TransactionKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machine of the demonstration, and one run on it. */
final class DemoMachine {
    /** Faults pages in. */
    static final String FAULTING = "accel0";
    /**
     * Cannot fault: its driver has memory filled before. Its requests meet the IOMMU untranslated, every single one.
     */
    static final String PINNED = "nic0";
    /** Can use a single PASID. */
    static final String NARROW = "accel1";

    static final List<String> DEVICES = List.of(FAULTING, NARROW, PINNED);

    /** Small enough that one process can take what is left of it in no time. */
    static final long MEMORY_BYTES = 16L << 20;

    private static final int FAULTING_REQUESTER = 0x0300;
    private static final int PINNED_REQUESTER = 0x0400;
    private static final int NARROW_REQUESTER = 0x0500;

    private final DemoSubject subject;
    private final ExitPolicy policy;
    private final @Nullable Long seed;
    private @Nullable TraceSink trace;

    DemoMachine(DemoSubject subject, ExitPolicy policy, @Nullable Long seed) {
        this.subject = subject;
        this.policy = policy;
        this.seed = seed;
    }

    /** Everything that crosses a byte boundary is told to {@code sink}. */
    DemoMachine traced(TraceSink sink) {
        trace = sink;
        return this;
    }

    /** Builds it, plays the scenario, tears it down. */
    DemoReport run() {
        ExitObserver observer = new ExitObserver();
        SvaSystemBuilder builder = subject.builder()
                .memory(MEMORY_BYTES)
                .listener(observer)
                .device(faultingDevice(FAULTING, FAULTING_REQUESTER))
                .device(faultingDevice(NARROW, NARROW_REQUESTER));
        boolean pinned = subject.canCarry(TransactionKind.PASID_TAGGED);
        if (pinned) {
            builder.device(DeviceSpec.pci(PINNED, PINNED_REQUESTER).withAts(false));
        }
        if (seed != null) {
            builder.seeded(seed).behaviour(Behaviour.TYPICAL.withSeed(seed));
        }
        if (trace != null) {
            builder.trace(trace);
        }
        DemoReport[] report = new DemoReport[1];
        try (SvaSystem system = builder.build()) {
            DemoScenario scenario = new DemoScenario(system, observer, subject, policy, seed, pinned);
            system.scheduler().run("demo", () -> report[0] = scenario.play());
        }
        return report[0];
    }

    private DeviceSpec faultingDevice(String name, int requester) {
        if (subject.canCarry(TransactionKind.PAGE_REQUEST)) {
            return DeviceSpec.pci(name, requester);
        }
        if (subject.canCarry(TransactionKind.STALL)) {
            return DeviceSpec.platform(name, requester);
        }
        throw new SvaException(
                SvaError.UNSUPPORTED,
                "the hardware half of '" + subject.hardware() + "' carries neither page requests nor stalls; "
                        + "there is no demonstration without faults");
    }
}
