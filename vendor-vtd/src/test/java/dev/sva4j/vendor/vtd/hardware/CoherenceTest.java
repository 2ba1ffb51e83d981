package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.hardware.TestVtd.PAGE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PASID_ENTRY;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.PTE;
import static dev.sva4j.vendor.vtd.hardware.TestVtd.SID;
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
 * Completion means quiescence: a frame that software takes back after an inv_wait is never reached again, however many
 * threads do DMA meanwhile and whatever the caches do.
 */
@Timeout(60)
class CoherenceTest {
    private static final int ROUNDS = 2000;

    /** On a busy machine a round takes as long as a device thread may be off the processor, and there are fewer. */
    private static final long LONGEST_NANOS = 1_000_000_000L;

    private static final long FRAME_A = 0x2000_0000L;
    private static final long FRAME_B = 0x2000_1000L;
    private static final long USER_RW = 7;
    private static final long OURS = 0x0101010101010101L;
    private static final long FREED = 0x0d0d0d0d0d0d0d0dL;

    private static final long P_IOTLB_PASID = 0x0001234500010026L;
    private static final long P_IOTLB_PAGE = 0x0001234500010036L;
    private static final long PC_PASID = 0x0001234500010017L;

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

    private void startDevices(TestVtd vtd) {
        for (int i = 0; i < 2; i++) {
            Thread device = new Thread(() -> {
                while (!stop) {
                    Dma dma = Dma.read(SID, PASID, PAGE, 8);
                    vtd.hardware.submit(dma);
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

    private void stopDevices(TestVtd vtd) throws InterruptedException {
        stop = true;
        for (Thread device : devices) {
            device.join();
        }
        assertThat(stale).hasValue(0);
        assertThat(vtd.takeFaults()).isEmpty();
    }

    /** A descriptor and a wait; a look at the head lets deferred ones be taken. */
    private static void done(TestVtd vtd, long... words) {
        vtd.submit(words);
        boolean synced = vtd.sync();
        while (!synced) {
            Thread.yield();
            vtd.read64(TestVtd.IQH);
            synced = vtd.isSynced();
        }
    }

    /** Page A, then page B, and so on; the frame that is not mapped is somebody else's. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("behaviours")
    void aFrameIsFreeAfterTheInvalidationOfItsPage(Behaviour behaviour) throws InterruptedException {
        TestVtd vtd = TestVtd.running(behaviour);
        vtd.memory.put(FRAME_A, OURS);
        vtd.memory.put(PTE, FRAME_A + USER_RW);
        startDevices(vtd);
        long start = System.nanoTime();
        for (int round = 0; goesOn(round, ROUNDS, start); round++) {
            long next = round % 2 == 0 ? FRAME_B : FRAME_A;
            long last = round % 2 == 0 ? FRAME_A : FRAME_B;
            vtd.memory.put(next, OURS);
            vtd.memory.put(PTE, next + USER_RW);
            if (round % 3 == 0) {
                done(vtd, P_IOTLB_PASID);
            } else {
                done(vtd, P_IOTLB_PAGE, PAGE + 0x40);
            }
            vtd.memory.put(last, FREED);
        }
        stopDevices(vtd);
    }

    /** The tables of a process go while its device does DMA: P=0 with FPD, invalidations, and its frames are free. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("behaviours")
    void aProcessIsGoneAfterItsEntryAndTheInvalidations(Behaviour behaviour) throws InterruptedException {
        TestVtd vtd = TestVtd.running(behaviour);
        vtd.memory.put(FRAME_A, OURS);
        vtd.memory.put(PTE, FRAME_A + USER_RW);
        startDevices(vtd);
        long start = System.nanoTime();
        for (int round = 0; goesOn(round, ROUNDS / 2, start); round++) {
            vtd.memory.put(PASID_ENTRY, 0x4a);
            vtd.submit(PC_PASID);
            done(vtd, P_IOTLB_PASID);
            vtd.memory.put(PASID_ENTRY, 2, 0, 0);
            vtd.memory.put(FRAME_A, FREED);
            vtd.memory.put(PTE, 0);

            // The PASID is used again; with caching mode 0 nothing has to be invalidated.
            vtd.memory.put(FRAME_A, OURS);
            vtd.memory.put(PTE, FRAME_A + USER_RW);
            vtd.memory.put(PASID_ENTRY + 8, 0x800001, 0x10040000);
            vtd.memory.put(PASID_ENTRY, 0x49);
        }
        stopDevices(vtd);
    }
}
