package dev.sva4j.spi.inspect;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Scheduler;
import java.util.function.BooleanSupplier;
import org.apiguardian.api.API;

/**
 * A machine that consists of memory: no device, nobody to interrupt, nothing to wait for. For a hardware half that is asked
 * how it reads tables which someone else wrote. Immutable.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class ImageHost implements HardwareHost {
    private final PhysicalMemory memory;

    /** A machine whose memory this is, and stays as it is: see {@link UnchangedMemory}. */
    public ImageHost(PhysicalMemory memory) {
        this.memory = new UnchangedMemory(memory);
    }

    @Override
    public String name() {
        return "image";
    }

    @Override
    public PhysicalMemory memory() {
        return memory;
    }

    @Override
    public InterruptSink interrupts() {
        return new NoInterrupts();
    }

    @Override
    public DeviceLink devices() {
        return new NoDevices();
    }

    @Override
    public Scheduler scheduler() {
        return new NoScheduler();
    }

    /** No caches: memory may be that of a running system, and what it says now is asked for. */
    @Override
    public Behaviour behaviour() {
        return Behaviour.FORGETFUL;
    }

    private static final class NoInterrupts implements InterruptSink {
        @Override
        public void message(long address, int data) {}

        @Override
        public void wired(int line) {}
    }

    private static final class NoDevices implements DeviceLink {
        @Override
        public void invalidateAtc(int requester, int pasid, long address, int log2Bytes, boolean global, int tag) {}

        @Override
        public void pageGroupResponse(int requester, int pasid, int group, ResponseCode code) {}
    }

    private static final class NoScheduler implements Scheduler {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Task spawn(String name, Runnable body) {
            throw nothingRuns();
        }

        @Override
        public void run(String name, Runnable body) {
            throw nothingRuns();
        }

        @Override
        public boolean await(BooleanSupplier condition, long deadline) {
            throw nothingRuns();
        }

        @Override
        public WaitQueue newWaitQueue(String name) {
            throw nothingRuns();
        }

        @Override
        public void yieldPoint() {}

        @Override
        public void close() {}

        private static IllegalStateException nothingRuns() {
            return new IllegalStateException("no task runs beside a memory image");
        }
    }
}
