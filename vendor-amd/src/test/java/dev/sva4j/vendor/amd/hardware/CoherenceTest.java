package dev.sva4j.vendor.amd.hardware;

import static dev.sva4j.vendor.amd.hardware.TestAmd.CMD_HEAD;
import static dev.sva4j.vendor.amd.hardware.TestAmd.DEVICE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.DONE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.DTE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.GCR3_ENTRY;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PAGE;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PASID;
import static dev.sva4j.vendor.amd.hardware.TestAmd.PTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.testing.Dma;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Completion means quiescence: a frame that software takes back after a COMPLETION_WAIT is never reached again, however many
 * threads do DMA meanwhile and whatever the caches do.
 */
@Timeout(60)
class CoherenceTest {
    private static final int ROUNDS = 200;

    /** On a busy machine a round takes as long as a device thread may be off the processor, and there are fewer. */
    private static final long LONGEST_NANOS = 100_000_000L;

    private static final long FRAME_A = 0x2000_0000L;
    private static final long FRAME_B = 0x2000_1000L;
    private static final long USER_RW = 7;
    private static final long OURS = 0x0101010101010101L;
    private static final long FREED = 0x0d0d0d0d0d0d0d0dL;

    private static final long PAGES = 0x3000000700012345L;
    private static final long WHOLE_PASID = 0x7ffffffffffff007L;
    private static final long ONE_PAGE = 0x00007f1234567006L;
    private static final long DEVTAB_ENTRY = 0x2000000000000300L;

    private static final long GCR3_VALID = 0x0000000108423001L;
    private static final long DTE_VALID = 0x6590000000000003L;
    private static final long DTE_BLOCKED = 3;

    private final List<Thread> devices = new ArrayList<>();
    private final AtomicInteger stale = new AtomicInteger();
    private final AtomicInteger reached = new AtomicInteger();
    private volatile boolean stop;
    private long waits;

    static Stream<Behaviour> behaviours() {
        return Stream.of(
                Behaviour.TYPICAL,
                Behaviour.FORGETFUL,
                Behaviour.TENACIOUS,
                new Behaviour(3, 1, 1, true, true, true, false),
                new Behaviour(4, 2, 2, false, true, false, true));
    }

    private TestAmd start(Behaviour behaviour) {
        TestAmd amd = TestAmd.running(behaviour, FeatureRegisters.PRODUCT);
        amd.memory.put(FRAME_A, OURS);
        amd.memory.put(PTE, FRAME_A + USER_RW);
        for (int i = 0; i < 2; i++) {
            Thread device = new Thread(() -> {
                while (!stop) {
                    Dma dma = Dma.read(DEVICE, PASID, PAGE, 8);
                    amd.hardware.submit(dma);
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
        return amd;
    }

    private static boolean goesOn(int round, long start) {
        return round < ROUNDS && System.nanoTime() - start < LONGEST_NANOS;
    }

    private void stopDevices() throws InterruptedException {
        stop = true;
        for (Thread device : devices) {
            device.join();
        }
        assertThat(stale).hasValue(0);
    }

    /** A command and a wait; a look at the head lets deferred ones be taken. */
    private void done(TestAmd amd, long word0, long word1) {
        waits++;
        amd.command(word0, word1);
        amd.completionWait(waits);
        while (amd.memory.loadAcquire(DONE) != waits) {
            Thread.yield();
            amd.hardware.registers().read64(CMD_HEAD);
        }
    }

    /** Page A, then page B, and so on; the frame that is not mapped is somebody else's. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("behaviours")
    void aFrameIsFreeAfterTheInvalidationOfItsPage(Behaviour behaviour) throws InterruptedException {
        TestAmd amd = start(behaviour);
        long start = System.nanoTime();
        for (int round = 0; goesOn(round, start); round++) {
            long next = round % 2 == 0 ? FRAME_B : FRAME_A;
            long last = round % 2 == 0 ? FRAME_A : FRAME_B;
            amd.memory.put(next, OURS);
            amd.memory.put(PTE, next + USER_RW);
            done(amd, PAGES, round % 3 == 0 ? WHOLE_PASID : ONE_PAGE);
            amd.memory.put(last, FREED);
        }
        stopDevices();
        assertThat(amd.events()).isEmpty();
    }

    /** The tables of a process go while its device does DMA: V = 0 in its GCR3 entry, one command, and its frames are free. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("behaviours")
    void aProcessIsGoneAfterTheInvalidationOfItsPasid(Behaviour behaviour) throws InterruptedException {
        TestAmd amd = start(behaviour);
        long start = System.nanoTime();
        for (int round = 0; goesOn(round, start); round++) {
            amd.memory.put(GCR3_ENTRY, 0);
            done(amd, PAGES, WHOLE_PASID);
            amd.memory.put(FRAME_A, FREED);
            amd.memory.put(PTE, 0);

            // The PASID is used again; as NpCache is 0, nothing has to be invalidated.
            amd.memory.put(FRAME_A, OURS);
            amd.memory.put(PTE, FRAME_A + USER_RW);
            amd.memory.put(GCR3_ENTRY, GCR3_VALID);
        }
        stopDevices();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("behaviours")
    void aDeviceIsBlockedAfterTheInvalidationOfItsEntry(Behaviour behaviour) throws InterruptedException {
        TestAmd amd = start(behaviour);
        long start = System.nanoTime();
        for (int round = 0; goesOn(round, start); round++) {
            amd.memory.put(DTE, DTE_BLOCKED);
            done(amd, DEVTAB_ENTRY, 0);
            amd.memory.put(FRAME_A, FREED);

            amd.memory.put(FRAME_A, OURS);
            amd.memory.put(DTE, DTE_VALID);
            done(amd, DEVTAB_ENTRY, 0);
        }
        stopDevices();
    }
}
