package dev.sva4j.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InFlightSectionsTest {
    private final InFlightSections sections = new InFlightSections();
    private final AtomicInteger drained = new AtomicInteger();

    @Test
    void runsTheActionAtOnceWhenNoSectionIsOpen() {
        sections.whenDrained(drained::incrementAndGet);

        assertThat(drained).hasValue(1);
    }

    @Test
    void waitsForTheSectionThatWasOpen() {
        int section = sections.enter();
        sections.whenDrained(drained::incrementAndGet);

        assertThat(drained).hasValue(0);
        sections.exit(section);
        assertThat(drained).hasValue(1);
    }

    @Test
    void anActionThatThrowsKeepsNoOtherFromRunning() {
        int section = sections.enter();
        sections.whenDrained(() -> {
            throw new IllegalStateException("broken");
        });
        sections.whenDrained(drained::incrementAndGet);

        assertThatThrownBy(() -> sections.exit(section)).hasMessage("broken");
        sections.whenDrained(drained::incrementAndGet);

        assertThat(drained).hasValue(2);
    }

    @Test
    void doesNotWaitForSectionsThatOpenLater() {
        int early = sections.enter();
        sections.whenDrained(drained::incrementAndGet);
        int late = sections.enter();

        sections.exit(early);

        assertThat(drained).hasValue(1);
        sections.exit(late);
    }

    @Test
    void anActionAddedDuringAGracePeriodWaitsForTheSectionsOpenAtThatMoment() {
        AtomicInteger second = new AtomicInteger();
        int first = sections.enter();
        sections.whenDrained(drained::incrementAndGet);
        int between = sections.enter();
        sections.whenDrained(second::incrementAndGet);

        sections.exit(first);

        assertThat(drained).hasValue(1);
        assertThat(second).hasValue(0);
        sections.exit(between);
        assertThat(second).hasValue(1);
    }

    @Test
    void anActionMayAddAnother() {
        sections.whenDrained(() -> sections.whenDrained(drained::incrementAndGet));

        assertThat(drained).hasValue(1);
    }

    @Test
    void aSectionMayBeClosedByAnotherThread() throws InterruptedException {
        int section = sections.enter();
        sections.whenDrained(drained::incrementAndGet);

        Thread closer = new Thread(() -> sections.exit(section));
        closer.start();
        closer.join();

        assertThat(drained).hasValue(1);
    }

    // What the class is for: a value is retired, then freed when drained; no reader may use it after that.
    @Test
    void noReaderUsesWhatWasRetiredOnceItIsDrained() throws InterruptedException {
        final int rounds = 20_000;
        final class Value {
            private volatile boolean freed;
        }
        AtomicReference<Value> current = new AtomicReference<>(new Value());
        AtomicLong violations = new AtomicLong();
        AtomicLong freed = new AtomicLong();
        CountDownLatch stop = new CountDownLatch(1);
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread reader = new Thread(() -> {
                while (stop.getCount() > 0) {
                    int section = sections.enter();
                    Value seen = current.get();
                    if (seen.freed) {
                        violations.incrementAndGet();
                    }
                    sections.exit(section);
                }
            });
            readers.add(reader);
            reader.start();
        }
        for (int i = 0; i < rounds; i++) {
            Value old = current.getAndSet(new Value());
            sections.whenDrained(() -> {
                old.freed = true;
                freed.incrementAndGet();
            });
        }
        stop.countDown();
        for (Thread reader : readers) {
            reader.join();
        }
        sections.whenDrained(drained::incrementAndGet);

        assertThat(violations).hasValue(0);
        assertThat(freed).hasValue(rounds);
        assertThat(drained).hasValue(1);
    }
}
