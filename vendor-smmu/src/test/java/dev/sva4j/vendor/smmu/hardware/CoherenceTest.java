package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.hardware.TestSmmu.ASID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.CD0_QUIET;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_PTE;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.PAGE_VA;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.SSID;
import static dev.sva4j.vendor.smmu.hardware.TestSmmu.TTB0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.testing.Dma;
import dev.sva4j.vendor.smmu.layout.ConfigurationCommands;
import dev.sva4j.vendor.smmu.layout.TlbiCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Completion means quiescence: a frame that software takes back after CMD_SYNC is never reached again, however many
 * threads do DMA meanwhile and whatever the caches do.
 */
@Timeout(60)
class CoherenceTest {
    private static final int ROUNDS = 3000;

    /**
     * On a busy machine a round takes as long as a device thread may be off the processor, and there are fewer of them.
     */
    private static final long LONGEST_NANOS = 1_000_000_000L;

    private static final long FRAME_A = 0x9000_0000L;
    private static final long FRAME_B = 0x9000_1000L;
    private static final long PAGE_ATTRIBUTES = 0x0060000000000f43L;
    private static final long OURS = 0x0101010101010101L;
    private static final long FREED = 0x0d0d0d0d0d0d0d0dL;

    private final List<Thread> devices = new ArrayList<>();
    private final AtomicInteger stale = new AtomicInteger();
    private final AtomicInteger reached = new AtomicInteger();
    private volatile boolean stop;

    static Stream<Behaviour> behaviours() {
        return Stream.of(
                Behaviour.TYPICAL,
                Behaviour.FORGETFUL,
                Behaviour.TENACIOUS,
                new Behaviour(3, 1, 1, true, true, true, false),
                new Behaviour(4, 2, 2, false, true, false, true));
    }

    private void startDevices(TestSmmu smmu) {
        for (int i = 0; i < 2; i++) {
            Thread device = new Thread(() -> {
                while (!stop) {
                    Dma dma = Dma.read(SID, SSID, PAGE_VA, 8);
                    smmu.hardware.submit(dma);
                    if (dma.outcome() == CompletionStatus.SUCCESS) {
                        reached.incrementAndGet();
                        if (dma.bytes[0] != (byte) OURS) {
                            stale.incrementAndGet();
                        }
                    }
                }
            });
            devices.add(device);
            device.start();
        }
        while (reached.get() == 0) {
            Thread.yield();
        }
    }

    private static boolean goesOn(int round, int rounds, long start) {
        return round < rounds && System.nanoTime() - start < LONGEST_NANOS;
    }

    private void stopDevices() throws InterruptedException {
        stop = true;
        for (Thread device : devices) {
            device.join();
        }
        assertThat(stale).hasValue(0);
    }

    private static void sync(TestSmmu smmu) {
        if (!smmu.sync()) {
            while (!smmu.isIdle()) {
                Thread.yield();
            }
        }
    }

    /** Page A, then page B, and so on; the frame that is not mapped is somebody else's. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("behaviours")
    void aFrameIsFreeAfterTheInvalidationOfItsPage(Behaviour behaviour) throws InterruptedException {
        TestSmmu smmu = TestSmmu.running(behaviour);
        smmu.memory.put(FRAME_A, OURS);
        smmu.memory.put(PAGE_PTE, PAGE_ATTRIBUTES | FRAME_A);
        startDevices(smmu);
        long start = System.nanoTime();
        for (int round = 0; goesOn(round, ROUNDS, start); round++) {
            long next = round % 2 == 0 ? FRAME_B : FRAME_A;
            long last = round % 2 == 0 ? FRAME_A : FRAME_B;
            smmu.memory.put(next, OURS);
            smmu.memory.put(PAGE_PTE, PAGE_ATTRIBUTES | next);
            if (round % 3 == 0) {
                smmu.command(TlbiCommands.nhAsidWord0(0, ASID), 0);
            } else {
                smmu.command(TlbiCommands.nhVaWord0(0, ASID), TlbiCommands.addressWord1(PAGE_VA, true));
            }
            sync(smmu);
            smmu.memory.put(last, FREED);
        }
        stopDevices();
        assertThat(smmu.takeEvents()).isEmpty();
    }

    /** The tables of a process go while its device does DMA: quiet CD, TLBI, and its frames belong to somebody else. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("behaviours")
    void aProcessIsGoneAfterTheQuietCdAndItsInvalidations(Behaviour behaviour) throws InterruptedException {
        TestSmmu smmu = TestSmmu.running(behaviour);
        smmu.memory.put(FRAME_A, OURS);
        smmu.memory.put(PAGE_PTE, PAGE_ATTRIBUTES | FRAME_A);
        startDevices(smmu);
        long start = System.nanoTime();
        for (int round = 0; goesOn(round, ROUNDS / 3, start); round++) {
            smmu.memory.put(TestSmmu.CD, CD0_QUIET);
            smmu.command(ConfigurationCommands.cfgiCdWord0(SID, SSID), ConfigurationCommands.cfgiCdWord1(true));
            sync(smmu);
            smmu.command(TlbiCommands.nhAsidWord0(0, ASID), 0);
            sync(smmu);
            smmu.memory.put(FRAME_A, FREED);
            smmu.memory.put(PAGE_PTE, 0);

            smmu.memory.put(FRAME_A, OURS);
            smmu.memory.put(PAGE_PTE, PAGE_ATTRIBUTES | FRAME_A);
            smmu.memory.put(TestSmmu.CD, CD0, TTB0);
            smmu.command(ConfigurationCommands.cfgiCdWord0(SID, SSID), ConfigurationCommands.cfgiCdWord1(true));
            sync(smmu);
        }
        stopDevices();
        assertThat(smmu.takeEvents()).isEmpty();
    }
}
