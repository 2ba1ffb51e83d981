package dev.sva4j.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.ExitPolicy;
import dev.sva4j.api.TraceEvent;
import dev.sva4j.api.TraceSink;
import dev.sva4j.spi.TransactionKind;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The figures of the demonstration are those of the records that hardware has stored, counted at the memory. */
@Timeout(300)
class RecordsInMemoryTest {
    private static final List<TransactionKind> CARRIES =
            List.of(TransactionKind.UNTAGGED, TransactionKind.PASID_TAGGED, TransactionKind.PAGE_REQUEST);

    /** Counts what hardware stores into a ring of records, which it finds by the register with its base. */
    private static final class Ring implements TraceSink {
        private final long register;
        private final int recordBytes;
        private final RingSize size;
        private volatile long start;
        private volatile long end;
        private final AtomicLong records = new AtomicLong();

        Ring(long register, int recordBytes, RingSize size) {
            this.register = register;
            this.recordBytes = recordBytes;
            this.size = size;
        }

        @Override
        public void event(TraceEvent event) {
            if (event.kind() == TraceEvent.Kind.REGISTER_WRITE && event.address() == register && event.size() == 8) {
                start = event.value() & 0x000F_FFFF_FFFF_F000L;
                end = start + size.bytes(event.value());
            } else if (event.kind() == TraceEvent.Kind.HARDWARE_STORE
                    && event.address() >= start
                    && event.address() < end
                    && event.address() % recordBytes == 0) {
                records.incrementAndGet();
            }
        }
    }

    private interface RingSize {
        long bytes(long base);
    }

    // By the manuals: the base registers, the size fields in them, the sizes of records.
    static Stream<Arguments> vendors() {
        RingSize amd = base -> 16L << (base >>> 56 & 0xF);
        return Stream.of(
                Arguments.of("amd-vi", "dummy-root", new Ring(0x10, 16, amd), new Ring(0x38, 16, amd)),
                Arguments.of("amd-vi", "cleared-entry", new Ring(0x10, 16, amd), new Ring(0x38, 16, amd)),
                Arguments.of(
                        "arm-smmu-v3",
                        "quiet-cd",
                        new Ring(0xA0, 32, base -> 32L << (base & 0x1F)),
                        new Ring(0xC0, 16, base -> 16L << (base & 0x1F))),
                // Faults of VT-d are recorded in registers; page requests in memory.
                Arguments.of("intel-vtd", "p0-fpd", null, new Ring(0xD0, 32, base -> 4096L << (base & 7))));
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void figuresAreThoseOfTheRecords(String vendor, String quiesce, Ring faults, Ring requests) {
        TraceSink trace = event -> {
            if (faults != null) {
                faults.event(event);
            }
            requests.event(event);
        };
        DemoSubject subject = new DemoSubject(vendor, vendor, quiesce, CARRIES);

        DemoResult result = new DemoMachine(subject, ExitPolicy.EXPLICIT_UNBIND, 1L)
                .traced(trace)
                .run()
                .result();

        assertThat(result.faults().recordedByHardware()).isEqualTo(faults == null ? 0 : faults.records.get());
        assertThat(result.faults().droppedBySoftware() + result.faults().reported())
                .isEqualTo(result.faults().recordedByHardware());
        assertThat(result.pageRequests().received()).isPositive().isEqualTo(requests.records.get());
        if (vendor.equals("amd-vi")) {
            assertThat(result.faults().recordedByHardware()).isPositive();
        }
    }
}
