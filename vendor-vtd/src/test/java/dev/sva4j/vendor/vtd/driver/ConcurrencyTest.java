package dev.sva4j.vendor.vtd.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.pagetable.X86_64;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads and a hardware thread that consumes descriptors at its own pace. */
@Timeout(60)
final class ConcurrencyTest {
    private static final int THREADS = 4;

    private final Fixture fixture = new Fixture();
    private final ScriptedVtd vtd = fixture.vtd;
    private final VtdDriver driver = fixture.driver;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean stop = new AtomicBoolean();

    @BeforeEach
    void start() {
        fixture.host.scheduler = new PollingScheduler(threads);
        fixture.host.timeoutNanos = TimeUnit.SECONDS.toNanos(30);
        fixture.attach();
        driver.setAts(Fixture.SID, true);
        driver.setPageRequests(Fixture.SID, true);
        vtd.takeAll();
    }

    @AfterEach
    void stop() throws InterruptedException {
        stop.set(true);
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    private void consumeInTheBackground() {
        vtd.holds = true;
        threads.execute(() -> {
            while (!stop.get()) {
                vtd.consume(3);
                Thread.yield();
            }
        });
    }

    private void together(Callable<?> body) throws Exception {
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            futures.add(threads.submit(body));
        }
        for (Future<?> future : futures) {
            future.get();
        }
    }

    @Test
    void noWaiterReturnsBeforeItsOwnDescriptorsAreComplete() throws Exception {
        consumeInTheBackground();
        AtomicInteger closed = new AtomicInteger();
        together(() -> {
            for (int i = 0; i < 300; i++) {
                // Closing a context issues one pc_inv that names its domain.
                TranslationContext context = driver.openContext(X86_64.FOUR_LEVELS, Fixture.ROOT);
                Descriptor own = Descriptor.of((long) ((VtdContext) context).did() << 16 | 7, 0);
                int before = count(own);
                driver.closeContext(context);
                assertThat(count(own)).isGreaterThan(before);
                closed.incrementAndGet();
            }
            return null;
        });
        assertThat(closed).hasValue(THREADS * 300);
    }

    private int count(Descriptor descriptor) {
        synchronized (vtd) {
            int count = 0;
            for (Descriptor each : vtd.descriptors) {
                count += each.equals(descriptor) ? 1 : 0;
            }
            return count;
        }
    }

    @Test
    void descriptorsOfManyThreadsAreAllConsumedOnceThroughAFullQueue() throws Exception {
        consumeInTheBackground();
        AtomicInteger requester = new AtomicInteger();
        together(() -> {
            for (int i = 0; i < 1000; i++) {
                driver.respond(new PageResponse(
                        requester.getAndIncrement(), 1, 0, PageRequest.Kind.PRI, ResponseCode.SUCCESS));
            }
            return null;
        });
        driver.closeContext(fixture.context());

        assertThat(fixture.takeDescriptors())
                .filteredOn(descriptor -> descriptor.type() == 9)
                .hasSize(THREADS * 1000)
                .doesNotHaveDuplicates();
    }

    @Test
    void pasidsOfOneDeviceComeAndGoWhileOthersAreInvalidated() throws Exception {
        consumeInTheBackground();
        AtomicInteger numbers = new AtomicInteger(1);
        together(() -> {
            TranslationContext context = driver.openContext(X86_64.FOUR_LEVELS, Fixture.ROOT);
            int first = numbers.getAndAdd(100_000);
            for (int i = 0; i < 30; i++) {
                int pasid = first + i * 700;
                driver.setPasid(Fixture.SID, pasid, context, false);
                driver.invalidate(context, i * 4096L, i * 4096L + 100_000, i % 2 == 0);
                driver.quiescePasid(Fixture.SID, pasid);
                driver.clearPasid(Fixture.SID, pasid);
                assertThat(fixture.pasidEntry(Fixture.SID, pasid)).containsOnly(0);
            }
            driver.closeContext(context);
            return null;
        });
    }

    @Test
    void pasidTablesAreAllocatedOnceWhoeverComesFirst() throws Exception {
        int tables = 40;
        long before = fixture.host.frames.allocatedBytes();
        TranslationContext context = fixture.context();
        AtomicInteger thread = new AtomicInteger();
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        together(() -> {
            int own = 1 + thread.getAndIncrement();
            for (int table = 0; table < tables; table++) {
                barrier.await();
                driver.setPasid(Fixture.SID, table * 64 + own, context, false);
            }
            return null;
        });

        assertThat(fixture.host.frames.allocatedBytes() - before).isEqualTo(tables * 4096);
        assertThat(((VtdContext) context).bonds().list()).hasSize(THREADS * tables);
        for (Bond bond : ((VtdContext) context).bonds().list()) {
            assertThat(fixture.pasidEntry(Fixture.SID, bond.pasid())[2]).isEqualTo(Fixture.ROOT);
        }
    }

    @Test
    void interruptsAndDrainsTogetherDeliverEachRequestOnceAndInOrder() throws Exception {
        int total = 5000;
        Future<?> interrupts = threads.submit(() -> {
            while (!stop.get()) {
                fixture.host.interrupt(FakeHost.PAGE_REQUEST);
            }
        });
        threads.submit(() -> {
                    for (int i = 0; i < total; i++) {
                        while (isFull()) {
                            Thread.onSpinWait();
                        }
                        vtd.pageRequest(0x0001_2345_3a00_0101L, (long) i << 12 | 3);
                    }
                })
                .get();
        together(() -> {
            driver.drain(Fixture.SID, 1);
            return null;
        });
        assertThat(fixture.host.faults.delivered).hasSize(total);
        stop.set(true);
        interrupts.get();

        for (int i = 0; i < total; i++) {
            assertThat(((PageRequest) fixture.host.faults.delivered.get(i)).address())
                    .isEqualTo((long) i << 12);
        }
    }

    private boolean isFull() {
        return (vtd.get(ScriptedVtd.PQT) + 32) % 4096 == vtd.get(ScriptedVtd.PQH);
    }

    /** Threads and polling, as in production, in its shortest form. */
    private record PollingScheduler(ExecutorService threads) implements Scheduler {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Task spawn(String name, Runnable body) {
            Future<?> future = threads.submit(body);
            return new Task() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public boolean isDone() {
                    return future.isDone();
                }

                @Override
                public boolean join(long deadline) {
                    throw new UnsupportedOperationException();
                }
            };
        }

        @Override
        public void run(String name, Runnable body) {
            body.run();
        }

        @Override
        public boolean await(BooleanSupplier condition, long deadline) {
            while (!condition.getAsBoolean()) {
                if (nanoTime() - deadline >= 0) {
                    return false;
                }
                Thread.yield();
            }
            return true;
        }

        @Override
        public WaitQueue newWaitQueue(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void yieldPoint() {}

        @Override
        public void close() {}
    }
}
