package dev.sva4j.core.endpoint;

import dev.sva4j.api.Access;
import dev.sva4j.api.DmaOperation;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.schedule.AuditedLock;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Scheduler;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A DMA channel: one engine for blocking calls, a second one for queued operations, so that neither disturbs the other.
 */
final class DmaChannel implements DmaPort {
    private final DeviceEndpoint endpoint;
    private final DmaEngine blocking;
    private final DmaEngine queued;

    // Catches a second thread in a blocking call. A plain field: it need not catch every misuse, and a caller that
    // keeps the rule never pays for it.
    private boolean busy;

    private final AuditedLock lock;
    // Guarded by lock: operations that have not begun, and whether a task works them off.
    private final ArrayDeque<Queued> operations = new ArrayDeque<>();
    private boolean working;

    DmaChannel(DeviceEndpoint endpoint, DmaEngine blocking, DmaEngine queued) {
        this.endpoint = endpoint;
        this.blocking = blocking;
        this.queued = queued;
        this.lock = new AuditedLock("DMA channel of " + endpoint.spec().name());
    }

    @Override
    public DmaStatus read(int pasid, long address, byte[] target, int offset, int length) {
        return transfer(Operation.READ, pasid, address, target, offset, length);
    }

    @Override
    public DmaStatus write(int pasid, long address, byte[] source, int offset, int length) {
        return transfer(Operation.WRITE, pasid, address, source, offset, length);
    }

    private DmaStatus transfer(Operation operation, int pasid, long address, byte[] data, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, data.length);
        endpoint.checkCarries(pasid, false);
        if (length == 0) {
            return DmaStatus.OK;
        }
        enter();
        try {
            return blocking.transfer(operation, pasid, address, data, offset, length);
        } finally {
            busy = false;
        }
    }

    @Override
    public DmaStatus fetchAdd(int pasid, long address, long operand) {
        return atomic(Operation.FETCH_ADD, pasid, address, operand, 0);
    }

    @Override
    public DmaStatus compareAndSwap(int pasid, long address, long comparand, long operand) {
        return atomic(Operation.COMPARE_AND_SWAP, pasid, address, operand, comparand);
    }

    private DmaStatus atomic(Operation operation, int pasid, long address, long operand, long comparand) {
        if ((address & 7) != 0) {
            throw new SvaException(
                    SvaError.INVALID, String.format("atomic DMA at 0x%x: align the address to 8 bytes", address));
        }
        endpoint.checkCarries(pasid, true);
        enter();
        try {
            return blocking.atomic(operation, pasid, address, operand, comparand);
        } finally {
            busy = false;
        }
    }

    @Override
    public long lastResult() {
        return blocking.result();
    }

    @Override
    public DmaStatus prefetch(int pasid, long address, Access access) {
        endpoint.checkCarries(pasid, false);
        enter();
        try {
            return blocking.prefetch(pasid, address, access);
        } finally {
            busy = false;
        }
    }

    private void enter() {
        if (busy) {
            throw new SvaException(
                    SvaError.BUSY,
                    "a DMA channel of " + endpoint.spec().name()
                            + " is in use by another thread; open one channel per thread");
        }
        busy = true;
    }

    @Override
    public DmaOperation readAsync(int pasid, long address, byte[] target, int offset, int length) {
        return enqueue(Operation.READ, pasid, address, target, offset, length);
    }

    @Override
    public DmaOperation writeAsync(int pasid, long address, byte[] source, int offset, int length) {
        return enqueue(Operation.WRITE, pasid, address, source, offset, length);
    }

    private DmaOperation enqueue(Operation operation, int pasid, long address, byte[] data, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, data.length);
        endpoint.checkCarries(pasid, false);
        Queued added = new Queued(operation, pasid, address, data, offset, length);
        boolean start;
        lock.lock();
        try {
            operations.add(added);
            start = !working;
            working = true;
        } finally {
            lock.unlock();
        }
        if (start) {
            endpoint.scheduler().spawn("dma of " + endpoint.spec().name(), this::work);
        }
        return added;
    }

    private void work() {
        for (Queued next = next(); next != null; next = next()) {
            next.finish(
                    next.length == 0
                            ? DmaStatus.OK
                            : queued.transfer(
                                    next.operation, next.pasid, next.address, next.data, next.offset, next.length));
        }
    }

    private @Nullable Queued next() {
        lock.lock();
        try {
            Queued next = operations.poll();
            if (next == null) {
                working = false;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private final class Queued implements DmaOperation {
        private final Operation operation;
        private final int pasid;
        private final long address;
        private final byte[] data;
        private final int offset;
        private final int length;
        private final Scheduler.WaitQueue ended = endpoint.scheduler().newWaitQueue("dma operation");
        // Written once by the task, before the queue is woken.
        private volatile @Nullable DmaStatus status;

        Queued(Operation operation, int pasid, long address, byte[] data, int offset, int length) {
            this.operation = operation;
            this.pasid = pasid;
            this.address = address;
            this.data = data;
            this.offset = offset;
            this.length = length;
        }

        void finish(DmaStatus outcome) {
            status = outcome;
            ended.wakeAll();
        }

        @Override
        public boolean isDone() {
            return status != null;
        }

        @Override
        public DmaStatus await(long timeoutNanos) {
            Scheduler scheduler = endpoint.scheduler();
            ended.await(this::isDone, DeviceEndpoint.deadline(scheduler, timeoutNanos));
            DmaStatus outcome = status;
            if (outcome == null) {
                throw new SvaException(
                        SvaError.TIMED_OUT,
                        String.format(
                                "%s at 0x%x by %s is not done after %d ns",
                                operation, address, endpoint.spec().name(), timeoutNanos));
            }
            return outcome;
        }
    }
}
