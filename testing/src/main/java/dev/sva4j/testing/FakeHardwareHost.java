package dev.sva4j.testing;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Scheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/** What a hardware half sees of core, with a record of what it sent. */
public final class FakeHardwareHost implements HardwareHost, InterruptSink, DeviceLink, Scheduler {
    /** An ATC invalidation that a function received. */
    public record Invalidation(int requester, int pasid, long address, int log2Bytes, boolean global, int tag) {}

    public final SparseMemory memory;
    public final List<String> interrupts = Collections.synchronizedList(new ArrayList<>());
    public final List<String> responses = Collections.synchronizedList(new ArrayList<>());
    public final Queue<Invalidation> invalidations = new ConcurrentLinkedQueue<>();
    public final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Behaviour behaviour;

    /** With memory from {@code start} to below {@code end}. */
    public FakeHardwareHost(Behaviour behaviour, long start, long end) {
        memory = new SparseMemory(start, end);
        this.behaviour = behaviour;
    }

    /** The interrupts since the last call. */
    public List<String> takeInterrupts() {
        synchronized (interrupts) {
            List<String> taken = List.copyOf(interrupts);
            interrupts.clear();
            return taken;
        }
    }

    @Override
    public String name() {
        return "iommu0";
    }

    @Override
    public SparseMemory memory() {
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
    public void message(long address, int data) {
        interrupts.add(String.format("message 0x%x 0x%x", address, data));
    }

    @Override
    public void wired(int line) {
        interrupts.add("line " + line);
    }

    @Override
    public void invalidateAtc(int requester, int pasid, long address, int log2Bytes, boolean global, int tag) {
        invalidations.add(new Invalidation(requester, pasid, address, log2Bytes, global, tag));
    }

    @Override
    public void pageGroupResponse(int requester, int pasid, int group, ResponseCode code) {
        responses.add(String.format("0x%x pasid %d group %d %s", requester, pasid, group, code));
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    /** Tasks wait until the test {@linkplain #runTasks runs} them. */
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

    public void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
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
    public void close() {}
}
