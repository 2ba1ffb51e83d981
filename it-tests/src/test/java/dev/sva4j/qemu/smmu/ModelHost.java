package dev.sva4j.qemu.smmu;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Scheduler;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/** A host without a core: deferred work runs when the test says so, and messages to devices are not expected. */
final class ModelHost implements HardwareHost, InterruptSink, DeviceLink, Scheduler {
    private final WrittenMemory memory;
    private final Behaviour behaviour;
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    ModelHost(PhysicalMemory memory, Behaviour behaviour) {
        this.memory = new WrittenMemory(memory);
        this.behaviour = behaviour;
    }

    void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public String name() {
        return "ours";
    }

    @Override
    public WrittenMemory memory() {
        return memory;
    }

    @Override
    public InterruptSink interrupts() {
        return this;
    }

    @Override
    public DeviceLink devices() {
        return this;
    }

    @Override
    public Scheduler scheduler() {
        return this;
    }

    @Override
    public Behaviour behaviour() {
        return behaviour;
    }

    @Override
    public Task spawn(String name, Runnable body) {
        tasks.add(body);
        return new Task() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean isDone() {
                return !tasks.contains(body);
            }

            @Override
            public boolean join(long deadline) {
                throw new AssertionError("hardware waits");
            }
        };
    }

    @Override
    public void run(String name, Runnable body) {
        body.run();
    }

    @Override
    public boolean await(BooleanSupplier condition, long deadline) {
        throw new AssertionError("hardware waits");
    }

    @Override
    public WaitQueue newWaitQueue(String name) {
        throw new AssertionError("hardware waits");
    }

    @Override
    public void yieldPoint() {}

    @Override
    public long nanoTime() {
        return 0;
    }

    /** Interrupts are not enabled. */
    @Override
    public void message(long address, int data) {
        throw new AssertionError("an interrupt");
    }

    @Override
    public void wired(int line) {}

    @Override
    public void invalidateAtc(int requester, int pasid, long address, int log2Bytes, boolean global, int tag) {
        throw new AssertionError("a device without an ATC is asked to invalidate it");
    }

    @Override
    public void pageGroupResponse(int requester, int pasid, int group, ResponseCode code) {
        throw new AssertionError("an answer to nothing");
    }

    @Override
    public void close() {}
}
