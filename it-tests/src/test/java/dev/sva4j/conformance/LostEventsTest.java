package dev.sva4j.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.api.SvaListener;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.spi.Scheduler;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of events that hardware had no room for. */
class LostEventsTest {
    private static final int PAGE = 4096;

    /** More than any of the queues holds. */
    private static final int MANY = 5_000;

    /** How long a report that does not come is waited for. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    /** Where a PASID has no entry, every access is reported. */
    private static final int UNBOUND = 77;

    @ParameterizedTest
    @ValueSource(strings = {"amd-vi", "arm-smmu-v3", "intel-vtd"})
    void what_is_lost_while_a_loss_is_told_of_is_told_of_as_well(String vendor) {
        FaultLedger ledger = new FaultLedger();
        Floods floods = new Floods(ledger);
        try (SvaSystem system = SvaSystem.builder()
                .vendor(vendor)
                .listener(ledger)
                .listener(floods)
                .device(DeviceSpec.pci("dev0", 0x100).withAts(false))
                .build()) {
            system.initDevice("dev0", DeviceOptions.DEFAULT.withFeatures());
            floods.port = system.endpoint("dev0").openPort();

            system.endpoint("dev0").openPort().read(UNBOUND, 0, new byte[Long.BYTES], 0, Long.BYTES);
            system.scheduler().await(floods.second::get, Scheduler.NEVER);
            system.scheduler()
                    .await(() -> ledger.missed().isEmpty(), system.scheduler().nanoTime() + PATIENCE_NANOS);

            assertThat(ledger.missed()).isEmpty();
        }
    }

    /** A device that fills the queue while the first fault is reported, and again while its loss is told of. */
    private static final class Floods implements SvaListener {
        private final FaultLedger ledger;
        private final AtomicBoolean first = new AtomicBoolean();

        /** Set when the second one is over. */
        private final AtomicBoolean second = new AtomicBoolean();

        // Set before the first fault.
        private volatile @org.jspecify.annotations.Nullable DmaPort port;

        /** One listener at a time floods. */
        private long next = PAGE;

        Floods(FaultLedger ledger) {
            this.ledger = ledger;
        }

        @Override
        public void faultReported(FaultRecord fault) {
            if (first.compareAndSet(false, true)) {
                flood();
            }
        }

        @Override
        public void faultsLost(String unit) {
            if (!second.get()) {
                flood();
                second.set(true);
            }
        }

        private void flood() {
            DmaPort device = port;
            if (device == null) {
                throw new AssertionError("a fault before the device has been opened");
            }
            for (int i = 0; i < MANY; i++) {
                ledger.begin(UNBOUND, next);
                device.read(UNBOUND, next, new byte[Long.BYTES], 0, Long.BYTES);
                next += PAGE;
            }
        }
    }
}
