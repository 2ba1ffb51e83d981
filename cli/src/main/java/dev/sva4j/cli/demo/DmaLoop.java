package dev.sva4j.cli.demo;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.Endpoint;
import dev.sva4j.spi.Scheduler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * A device that does not know that its process may die: it writes to one page after the other until it is stopped,
 * whatever comes back.
 */
final class DmaLoop {
    private static final int WORDS_PER_PAGE = AddressSpace.PAGE_SIZE / Long.BYTES;

    private final Scheduler scheduler;
    private final Scheduler.WaitQueue progress;
    private final BooleanSupplier isOwnerDead;
    private final DmaPort port;
    private final int channel;
    private final int pasid;
    private final long start;
    private final int pages;

    private final Tally before = new Tally();
    private final Tally after = new Tally();
    private volatile boolean stopping;
    private volatile boolean stopped;

    /**
     * A loop over {@code pages} pages from {@code start}.
     *
     * @param channel number of the loop, in what it writes
     * @param isOwnerDead whether operations that start now come after exit
     * @param progress woken after every operation
     */
    DmaLoop(
            Scheduler scheduler,
            Scheduler.WaitQueue progress,
            BooleanSupplier isOwnerDead,
            Endpoint device,
            int channel,
            int pasid,
            long start,
            int pages) {
        this.scheduler = scheduler;
        this.progress = progress;
        this.isOwnerDead = isOwnerDead;
        this.port = device.openPort();
        this.channel = channel;
        this.pasid = pasid;
        this.start = start;
        this.pages = pages;
    }

    /** Counts of operations. Written by the loop, read by anyone. */
    static final class Tally {
        private final AtomicLong attempted = new AtomicLong();
        private final AtomicLong aborted = new AtomicLong();
        private final Set<Long> readBack = ConcurrentHashMap.newKeySet();

        long attempted() {
            return attempted.get();
        }

        long aborted() {
            return aborted.get();
        }

        /** Stamps that the device found again where it had written them. */
        Set<Long> readBack() {
            return readBack;
        }
    }

    /** The body of its task. */
    void run() {
        try {
            for (long sequence = 0; !stopping; sequence++) {
                step(sequence);
                progress.wakeAll();
                scheduler.yieldPoint();
            }
        } finally {
            stopped = true;
            progress.wakeAll();
        }
    }

    private void step(long sequence) {
        Tally tally = isOwnerDead.getAsBoolean() ? after : before;
        long stamp = Stamps.of(channel, sequence);
        long address =
                start + sequence % pages * AddressSpace.PAGE_SIZE + sequence / pages % WORDS_PER_PAGE * Long.BYTES;
        tally.attempted.incrementAndGet();
        if (port.write(pasid, address, word(stamp).array(), 0, Long.BYTES) != DmaStatus.OK) {
            tally.aborted.incrementAndGet();
        } else if (tally == after) {
            // "OK" is what the model says; only what can be read again has been somewhere.
            ByteBuffer found = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            if (port.read(pasid, address, found.array(), 0, Long.BYTES) == DmaStatus.OK && found.getLong(0) == stamp) {
                tally.readBack.add(stamp);
            }
        }
    }

    private static ByteBuffer word(long value) {
        return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
    }

    /** Operations that started while the owner lived. */
    Tally before() {
        return before;
    }

    /** Operations that started when the owner was dead. */
    Tally after() {
        return after;
    }

    /** Asks it to stop after the operation that it is at. */
    void stop() {
        stopping = true;
    }

    /** Whether it will do no operation any more. */
    boolean isStopped() {
        return stopped;
    }
}
