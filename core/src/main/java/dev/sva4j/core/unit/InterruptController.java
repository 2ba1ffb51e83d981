package dev.sva4j.core.unit;

import dev.sva4j.spi.Interrupt;
import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.Scheduler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Delivers the interrupts of one IOMMU to the handlers of its driver half.
 *
 * <p>Each vector has a task of its own, which runs the handler once for any number of interrupts that arrived before it
 * started: that is what an edge-triggered line gives, and drivers must look for all work there is. A hardware half that
 * raises an interrupt never waits for a handler, so it may do so from inside a register access of the driver.
 */
final class InterruptController implements InterruptSink {
    // Doorbell of the message-signalled interrupts: outside memory, like on real machines, so a message can never be
    // taken for data.
    private static final long DOORBELL = 0x0809_0000L;

    private final String unit;
    private final Scheduler scheduler;
    // Written while the driver half starts, read by anyone who raises an interrupt.
    private final List<Vector> vectors = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    InterruptController(String unit, Scheduler scheduler) {
        this.unit = unit;
        this.scheduler = scheduler;
    }

    Interrupt allocate(String name, int line, Runnable handler) {
        Vector vector = new Vector(name, vectors.size(), line, handler);
        vectors.add(vector);
        vector.start();
        return new Interrupt(DOORBELL, vector.data, line);
    }

    @Override
    public void message(long address, int data) {
        if (address != DOORBELL) {
            return;
        }
        for (Vector vector : vectors) {
            if (vector.data == data) {
                vector.raise();
            }
        }
    }

    @Override
    public void wired(int line) {
        for (Vector vector : vectors) {
            if (vector.line == line) {
                vector.raise();
            }
        }
    }

    /** Ends the tasks; a handler that is running ends first. */
    void close() {
        closed = true;
        for (Vector vector : vectors) {
            vector.queue.wakeAll();
        }
        for (Vector vector : vectors) {
            vector.join();
        }
    }

    private final class Vector {
        private final String name;
        private final int data;
        private final int line;
        private final Runnable handler;
        private final Scheduler.WaitQueue queue;
        // Raised by hardware before it wakes the queue; lowered by the task before it runs the handler, so an interrupt
        // that arrives while the handler runs makes it run again.
        private volatile boolean raised;
        private Scheduler.@org.jspecify.annotations.Nullable Task task;

        Vector(String name, int data, int line, Runnable handler) {
            this.name = name;
            this.data = data;
            this.line = line;
            this.handler = handler;
            this.queue = scheduler.newWaitQueue(unit + " " + name);
        }

        void start() {
            task = scheduler.spawn(unit + " irq " + name, this::serve);
        }

        void raise() {
            raised = true;
            queue.wakeAll();
        }

        void join() {
            Scheduler.Task running = task;
            if (running != null) {
                running.join(Scheduler.NEVER);
            }
        }

        private void serve() {
            while (true) {
                queue.await(() -> raised || closed, Scheduler.NEVER);
                if (closed) {
                    return;
                }
                raised = false;
                handler.run();
            }
        }
    }
}
