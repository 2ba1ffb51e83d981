package dev.sva4j.spi.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CombinerTest {
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void workIsDoneAtOnceIfNobodyIsAtIt() {
        Combiner combiner = new Combiner(runs::incrementAndGet);
        combiner.run();
        combiner.run();
        assertThat(runs).hasValue(2);
        assertThat(combiner.isRunning()).isFalse();
    }

    @Test
    void aCallFromWithinTheWorkIsServedAfterIt() {
        AtomicReference<Combiner> self = new AtomicReference<>();
        AtomicInteger depth = new AtomicInteger();
        Combiner combiner = new Combiner(() -> {
            assertThat(depth.incrementAndGet()).isEqualTo(1);
            if (runs.incrementAndGet() == 1) {
                self.get().run();
            }
            depth.decrementAndGet();
        });
        self.set(combiner);
        combiner.run();
        assertThat(runs).hasValue(2);
    }

    @Test
    void nobodyWaitsForTheThreadThatIsAtIt() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Combiner combiner = new Combiner(() -> {
            if (runs.incrementAndGet() == 1) {
                started.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        Thread worker = new Thread(combiner::run);
        worker.start();
        started.await();
        combiner.run();
        assertThat(runs).hasValue(1);
        assertThat(combiner.isRunning()).isTrue();
        goOn.countDown();
        worker.join();
        assertThat(runs).as("the second call was served by the first thread").hasValue(2);
    }

    @Test
    void workThatFailsIsSeenByItsCallerAndStopsNobodyElse() {
        Combiner combiner = new Combiner(() -> {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("broken");
            }
        });
        assertThatThrownBy(combiner::run).hasMessage("broken");
        combiner.run();
        assertThat(runs).hasValue(2);
    }
}
