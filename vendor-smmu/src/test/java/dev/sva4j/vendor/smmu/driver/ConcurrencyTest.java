package dev.sva4j.vendor.smmu.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Scheduler;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
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

/** Many threads and a hardware thread that consumes commands at its own pace. */
@Timeout(60)
final class ConcurrencyTest {
    private static final int THREADS = 4;

    private final Fixture fixture = new Fixture();
    private final ScriptedSmmu smmu = fixture.smmu;
    private final SmmuDriver driver = fixture.driver;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicBoolean stop = new AtomicBoolean();

    @BeforeEach
    void start() {
        fixture.host.scheduler = new PollingScheduler(threads);
        fixture.host.timeoutNanos = TimeUnit.SECONDS.toNanos(30);
        fixture.attach();
        driver.setAts(Fixture.SID, true);
    }

    @AfterEach
    void stop() throws InterruptedException {
        stop.set(true);
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    private void consumeInTheBackground() {
        smmu.holds = true;
        threads.execute(() -> {
            while (!stop.get()) {
                smmu.consume(3);
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
    void noWaiterReturnsBeforeItsOwnCommandsAreConsumed() throws Exception {
        smmu.verdict = command -> 0;
        consumeInTheBackground();
        AtomicInteger next = new AtomicInteger();
        together(() -> {
            for (int i = 0; i < 300; i++) {
                // Closing a context issues one command that names its ASID.
                TranslationContext context = driver.openContext(Vmsav8_64.LINUX_4K, Fixture.ROOT);
                long asid = ((SmmuContext) context).asid();
                Cmd own = Cmd.of(asid << 48 | 0x11, 0);
                int before = count(own);
                driver.closeContext(context);
                assertThat(count(own)).isGreaterThan(before);
                next.incrementAndGet();
            }
            return null;
        });
        assertThat(next).hasValue(THREADS * 300);
    }

    private int count(Cmd command) {
        synchronized (smmu) {
            int count = 0;
            for (Cmd each : smmu.commands) {
                count += each.equals(command) ? 1 : 0;
            }
            return count;
        }
    }

    @Test
    void commandsOfManyThreadsAreAllConsumedOnceThroughAFullQueue() throws Exception {
        consumeInTheBackground();
        AtomicInteger group = new AtomicInteger();
        together(() -> {
            for (int i = 0; i < 1000; i++) {
                int stag = group.getAndIncrement();
                driver.respond(new PageResponse(Fixture.SID, 1, stag, PageRequest.Kind.STALL, ResponseCode.SUCCESS));
            }
            return null;
        });
        driver.closeContext(fixture.context());

        assertThat(fixture.takeCommands())
                .filteredOn(command -> command.opcode() == 0x44)
                .extracting(Cmd::word1)
                .hasSize(THREADS * 1000)
                .doesNotHaveDuplicates();
    }

    @Test
    void aRunWhoseAcknowledgementsARestartMayHaveForgottenIsRepeated() throws Exception {
        int other = Fixture.SID + 1;
        driver.attachDevice(Fixture.function(other));
        driver.setAts(other, true);
        TranslationContext hanging = fixture.context();
        TranslationContext behind = fixture.context();
        driver.setPasid(Fixture.SID, 1, hanging, false);
        driver.setPasid(other, 1, behind, false);
        fixture.takeCommands();
        // A CMD_SYNC after an ATC invalidation stays until its device is let go.
        Set<Long> hangs = ConcurrentHashMap.newKeySet();
        hangs.addAll(List.of((long) Fixture.SID, (long) other));
        long[] waitsFor = {-1};
        smmu.stuck = command -> {
            if (command.opcode() == 0x40) {
                waitsFor[0] = command.word0() >>> 32;
            }
            return command.opcode() == 0x46 && hangs.contains(waitsFor[0]);
        };
        Future<?> first = threads.submit(() -> driver.invalidate(hanging, 0, 0xFFF, false));
        await(() -> count(atc(Fixture.SID)) == 1);
        Future<?> second = threads.submit(() -> driver.invalidate(behind, 0, 0xFFF, false));
        smmu.acknowledges = false;

        // The queue is told to stop, but before it does the device answers after all, and the queue goes on to the next
        // run.
        driver.deviceGone(Fixture.SID);
        await(() -> (smmu.get(ScriptedSmmu.CR0) & 8) == 0);
        hangs.remove((long) Fixture.SID);
        await(() -> {
            smmu.consume(100);
            return count(atc(other)) == 1;
        });
        hangs.remove((long) other);
        smmu.acknowledges = true;
        smmu.set(ScriptedSmmu.CR0ACK, smmu.get(ScriptedSmmu.CR0));
        first.get();
        second.get();

        assertThat(count(atc(other))).isEqualTo(2);
    }

    private static Cmd atc(int sid) {
        return Cmd.of((long) sid << 32 | 0x1840, 0);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void pasidsOfOneDeviceComeAndGoWhileOthersAreInvalidated() throws Exception {
        consumeInTheBackground();
        AtomicInteger numbers = new AtomicInteger(1);
        together(() -> {
            TranslationContext context = driver.openContext(Vmsav8_64.LINUX_4K, Fixture.ROOT);
            int first = numbers.getAndAdd(100_000);
            for (int i = 0; i < 30; i++) {
                int pasid = first + i * 700;
                driver.setPasid(Fixture.SID, pasid, context, false);
                driver.invalidate(context, i * 4096L, i * 4096L + 100_000, i % 2 == 0);
                driver.quiescePasid(Fixture.SID, pasid);
                driver.clearPasid(Fixture.SID, pasid);
                assertThat(fixture.cd(Fixture.SID, pasid)).containsOnly(0);
            }
            driver.closeContext(context);
            return null;
        });
    }

    @Test
    void leafTablesAreAllocatedOnceWhoeverComesFirst() throws Exception {
        int leaves = 40;
        long before = fixture.host.frames.allocatedBytes();
        TranslationContext context = fixture.context();
        AtomicInteger thread = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(THREADS);
        together(() -> {
            int own = 1 + thread.getAndIncrement();
            for (int leaf = 0; leaf < leaves; leaf++) {
                together.await();
                driver.setPasid(Fixture.SID, leaf * 1024 + own, context, false);
            }
            return null;
        });

        assertThat(fixture.host.frames.allocatedBytes() - before).isEqualTo(leaves * 64 * 1024);
        assertThat(((SmmuContext) context).bonds().list()).hasSize(THREADS * leaves);
        for (Bond bond : ((SmmuContext) context).bonds().list()) {
            assertThat(fixture.cd(Fixture.SID, bond.pasid())[1]).isEqualTo(Fixture.ROOT);
        }
    }

    @Test
    void interruptsAndDrainsTogetherDeliverEachEntryOnceAndInOrder() throws Exception {
        int total = 5000;
        Future<?> interrupts = threads.submit(() -> {
            while (!stop.get()) {
                fixture.host.interrupt(1);
            }
        });
        threads.submit(() -> {
                    for (int i = 0; i < total; i++) {
                        while (isFull()) {
                            Thread.onSpinWait();
                        }
                        smmu.pageRequest(0x1000_0000_0000_1234L, (long) i << 12 | i % 512);
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
        return (smmu.get(ScriptedSmmu.PRIQ_PROD) - smmu.get(ScriptedSmmu.PRIQ_CONS) & 0xff) >= 128;
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
