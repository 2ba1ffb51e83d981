package dev.sva4j.core.fault;

import dev.sva4j.api.BondState;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.api.SvaException;
import dev.sva4j.core.event.FaultCounters;
import dev.sva4j.core.event.Listeners;
import dev.sva4j.core.schedule.AuditedLock;
import dev.sva4j.spi.FaultSink;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.ResponseCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the faults that one IOMMU's driver half has decoded: collects page requests into groups, answers at once what
 * nobody can resolve, and decides by the state of the PASID whether an unrecoverable fault is reported.
 *
 * <p>Thread-safe.
 */
public final class FaultRouter implements FaultSink {
    private static final System.Logger LOG = System.getLogger(FaultRouter.class.getName());

    // Requests of groups that are not closed, for one device. A function may have 512 group indexes; one that sends
    // more requests without closing a group than any credit allows must not take memory from the others.
    private static final int MAX_PARKED = 2048;

    private record GroupKey(int requester, int pasid, int group, PageRequest.Kind kind) {
        static GroupKey of(PageRequest request) {
            return new GroupKey(request.requester(), request.pasid(), request.group(), request.kind());
        }
    }

    private static final class Parked {
        private final @Nullable FaultTarget target;
        private final List<PageRequest> members = new ArrayList<>();
        private boolean damaged;

        Parked(@Nullable FaultTarget target) {
            this.target = target;
        }
    }

    private final String unit;
    private final FaultTargets targets;
    private final PageFaultQueue queue;
    private final Listeners listeners;
    private final FaultCounters counters;
    private final Supplier<IommuDriver> driver;

    private final AuditedLock lock;
    // Guarded by lock: groups that are not closed, and how many requests each device has in them.
    private final Map<GroupKey, Parked> open = new HashMap<>();
    private final Map<Integer, Integer> parkedByDevice = new HashMap<>();

    /**
     * A router for one IOMMU.
     *
     * @param driver its driver half, which answers; asked for when there is something to answer
     */
    public FaultRouter(
            String unit,
            FaultTargets targets,
            PageFaultQueue queue,
            Listeners listeners,
            FaultCounters counters,
            Supplier<IommuDriver> driver) {
        this.unit = unit;
        this.targets = targets;
        this.queue = queue;
        this.listeners = listeners;
        this.counters = counters;
        this.driver = driver;
        this.lock = new AuditedLock("page requests of " + unit);
    }

    @Override
    public void pageRequest(PageRequest request) {
        if (request.isStopMarker()) {
            // It promises that nothing follows, which drain at unbind does not rely on; it closes no group and is never
            // answered.
            return;
        }
        counters.pageRequests.increment();
        listeners.pageRequested(nameOf(request.requester()), request);
        if (!request.last()) {
            park(request);
            return;
        }
        counters.pageGroups.increment();
        Parked earlier = close(GroupKey.of(request));
        FaultTarget target = targets.find(request.requester(), request.pasid());
        if (target == null || !target.tryBegin()) {
            // No bond, or one that is quiesced or draining: the answer is known, so the device need not wait for a
            // worker.
            respond(request, ResponseCode.INVALID);
            return;
        }
        List<PageRequest> members = new ArrayList<>();
        if (earlier != null) {
            members.addAll(earlier.members);
        }
        members.add(request);
        // Members that came while something else was bound, or nothing, are not this process's business (I24).
        boolean damaged = earlier != null && (earlier.damaged || earlier.target != target);
        queue.submit(new FaultGroup(this, target, members, damaged));
    }

    private void park(PageRequest request) {
        FaultTarget target = targets.find(request.requester(), request.pasid());
        lock.lock();
        try {
            GroupKey key = GroupKey.of(request);
            Parked group = open.get(key);
            int parked = parkedByDevice.getOrDefault(request.requester(), 0);
            if (parked >= MAX_PARKED) {
                // Of a group without any member nothing is kept, or the keys alone would take the memory. Its last
                // request is then handled
                // alone, and the device comes back for the others.
                if (group != null) {
                    group.damaged = true;
                }
                counters.discarded.increment();
            } else {
                if (group == null) {
                    group = new Parked(target);
                    open.put(key, group);
                }
                group.damaged |= group.target != target;
                group.members.add(request);
                parkedByDevice.put(request.requester(), parked + 1);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Parked close(GroupKey key) {
        lock.lock();
        try {
            Parked group = open.remove(key);
            if (group != null) {
                parkedByDevice.merge(key.requester, -group.members.size(), Integer::sum);
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what was parked for (device, PASID): its device has stopped, so the rest of those groups will not come. */
    public void discardPartial(int requester, int pasid) {
        lock.lock();
        try {
            open.entrySet().removeIf(each -> {
                GroupKey key = each.getKey();
                boolean drop = key.requester == requester && key.pasid == pasid;
                if (drop) {
                    counters.discarded.add(each.getValue().members.size());
                    parkedByDevice.merge(requester, -each.getValue().members.size(), Integer::sum);
                }
                return drop;
            });
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void pageRequestsLost() {
        lock.lock();
        try {
            open.values().forEach(group -> counters.discarded.add(group.members.size()));
            open.clear();
            parkedByDevice.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Answers a group. */
    void respond(PageRequest last, ResponseCode code) {
        switch (code) {
            case SUCCESS -> counters.success.increment();
            case INVALID -> counters.invalid.increment();
            case FAILURE -> counters.failure.increment();
        }
        try {
            driver.get().respond(PageResponse.to(last, code));
        } catch (SvaException e) {
            LOG.log(System.Logger.Level.ERROR, unit + " did not take the answer to " + last, e);
        }
        listeners.pageResponded(nameOf(last.requester()), last, code);
    }

    @Override
    public void unrecoverable(FaultRecord fault) {
        counters.fromHardware.increment();
        if (isSilent(fault)) {
            counters.dropped.increment();
            listeners.faultDropped(fault);
        } else {
            counters.reported.increment();
            LOG.log(System.Logger.Level.DEBUG, fault);
            listeners.faultReported(fault);
        }
    }

    // Quiesced: whatever the device does, nobody wants to hear of it. Bound: user space can cause these at will by
    // handing its device a bad address, so they must not fill the log; anything else is a fault of software and is
    // told. Draining: as if bound, because hardware may have written the record before the entry was cleared; a device
    // that
    // did not stop goes on after drain, and is told of then.
    private boolean isSilent(FaultRecord fault) {
        FaultTarget target = targets.find(fault.requester(), fault.pasid());
        BondState state = target == null ? BondState.NONE : target.state();
        return switch (state) {
            case QUIESCED -> true;
            case BOUND, DRAINING ->
                switch (fault.reason()) {
                    case NOT_PRESENT, PERMISSION, ACCESS_FLAG, ADDRESS_SIZE -> true;
                    case BAD_DEVICE_ENTRY, BAD_PASID_ENTRY, WALK_ABORT, FORBIDDEN_REQUEST, OTHER -> false;
                };
            case NONE -> false;
        };
    }

    @Override
    public void eventsLost() {
        listeners.faultsLost(unit);
    }

    private String nameOf(int requester) {
        String name = targets.deviceName(requester);
        return name != null ? name : "requester 0x" + Integer.toHexString(requester);
    }
}
