package dev.sva4j.core.fault;

import dev.sva4j.api.Access;
import dev.sva4j.core.mm.FaultResult;
import dev.sva4j.core.mm.ProcessMm;
import dev.sva4j.core.schedule.AuditedLock;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Scheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works off complete page-request groups. Groups are independent and may end in any order; within a group requests are
 * handled in order and the first error decides: the rest is not executed. Each group gets one answer. Linux: {@code
 * drivers/iommu/io-pgfault.c}.
 *
 * <p>Memory is bounded by the credit of the devices: a device has as many groups outstanding as software has granted.
 */
public final class PageFaultQueue {
    private static final System.Logger LOG = System.getLogger(PageFaultQueue.class.getName());

    private final Scheduler scheduler;
    private final Scheduler.WaitQueue work;
    private final AuditedLock lock = new AuditedLock("page-fault queue");
    // Guarded by lock.
    private final ArrayDeque<FaultGroup> groups = new ArrayDeque<>();
    // Written under lock; read by conditions without it.
    private volatile boolean available;
    private volatile boolean closed;

    private final List<Scheduler.Task> workers = new ArrayList<>();

    /** A queue with so many workers. */
    public PageFaultQueue(Scheduler scheduler, int workerCount) {
        this.scheduler = scheduler;
        this.work = scheduler.newWaitQueue("page-fault queue");
        for (int i = 0; i < workerCount; i++) {
            workers.add(scheduler.spawn("page-fault worker " + i, this::serve));
        }
    }

    void submit(FaultGroup group) {
        lock.lock();
        try {
            groups.add(group);
            available = true;
        } finally {
            lock.unlock();
        }
        work.wakeAll();
    }

    private void serve() {
        while (true) {
            work.await(() -> available || closed, Scheduler.NEVER);
            FaultGroup group = take();
            if (group != null) {
                answer(group);
            } else if (closed) {
                return;
            }
        }
    }

    private @Nullable FaultGroup take() {
        lock.lock();
        try {
            FaultGroup group = groups.poll();
            available = !groups.isEmpty();
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void answer(FaultGroup group) {
        try {
            ResponseCode code = ResponseCode.FAILURE;
            try {
                code = group.damaged() ? ResponseCode.INVALID : handle(group);
            } finally {
                // FAILURE only if handling itself broke down, and then as well: no group stays without an answer (I23).
                group.router().respond(group.last(), code);
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "page-request group " + group.last() + " could not be handled", e);
        } finally {
            group.target().end();
        }
    }

    private ResponseCode handle(FaultGroup group) {
        ProcessMm mm = group.target().mm();
        if (!mm.tryGetUser()) {
            return ResponseCode.INVALID;
        }
        try {
            for (PageRequest request : group.members()) {
                if (!resolve(mm, request)) {
                    return ResponseCode.INVALID;
                }
                scheduler.yieldPoint();
            }
            return ResponseCode.SUCCESS;
        } finally {
            mm.putUserFromFaultHandler();
        }
    }

    private static boolean resolve(ProcessMm mm, PageRequest request) {
        // Privileged requests would need rights that user mode does not have (I12).
        return !request.privileged() && mm.handleFault(request.address(), accesses(request)) == FaultResult.RESOLVED;
    }

    private static Set<Access> accesses(PageRequest request) {
        Set<Access> accesses = EnumSet.noneOf(Access.class);
        if (request.read()) {
            accesses.add(Access.READ);
        }
        if (request.write()) {
            accesses.add(Access.WRITE);
        }
        if (request.execute()) {
            accesses.add(Access.EXECUTE);
        }
        return accesses;
    }

    /** Ends the workers, after what is queued has been answered. */
    public void close() {
        closed = true;
        work.wakeAll();
        for (Scheduler.Task worker : workers) {
            worker.join(Scheduler.NEVER);
        }
    }
}
