package dev.sva4j.vendor.amd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.spi.driver.CompletionQueue;
import dev.sva4j.spi.driver.CompletionQueue.Outcome;
import dev.sva4j.spi.driver.CompletionRing.Ending;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.amd.layout.InvalidateIotlbPages;
import dev.sva4j.vendor.amd.layout.InvalidationRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Invalidation of device TLBs (AMD-Vi 2.4, INVALIDATE_IOTLB_PAGES).
 *
 * <p>A device that has vanished or hangs never answers. What happens then:
 * <ul>
 *   <li>After Control.InvTimeOut hardware completes the command all the same, and logs IOTLB_INV_TIMEOUT. If it names a device
 *       of this call that is not known to be gone, the call has timed out.
 *   <li>Core says that every device of the run is gone: the wait ends at once, since what their TLBs hold cannot reach memory.
 *   <li>The command time-out passes first: the call has timed out. Core cuts the device off.
 * </ul>
 */
final class DeviceTlbInvalidation {
    /** MaxPend: what a device accepts that says nothing else; its configuration space is core's. */
    private static final int MAX_PEND = 32;

    /**
     * Part of a device TLB.
     *
     * @param device whose
     * @param pasid translations of this PASID, or {@link Pasid#NONE} for those of requests without
     */
    record Target(Device device, int pasid) {}

    private final Unit unit;
    private final CompletionQueue queue;
    private final EventLog events;
    private final long invTimeOutNanos;

    DeviceTlbInvalidation(Unit unit, CompletionQueue queue, EventLog events, long invTimeOutNanos) {
        this.unit = unit;
        this.queue = queue;
        this.events = events;
        this.invTimeOutNanos = invTimeOutNanos;
    }

    /** The whole address space. */
    void all(Target target) {
        range(List.of(target), InvalidationRange.ALL);
    }

    /** A range for each target that has a device TLB. */
    void range(List<Target> targets, long range) {
        List<Target> left = new ArrayList<>(targets);
        left.removeIf(target -> !target.device().hasDeviceTlb());
        for (int from = 0; from < left.size(); from += CompletionQueue.runLength()) {
            int to = Math.min(left.size(), from + CompletionQueue.runLength());
            execute(left.subList(from, to), range);
        }
    }

    private void execute(List<Target> targets, long range) {
        long deadline = unit.deadline();
        boolean known;
        do {
            long start = unit.nanoTime();
            int[] timeOuts = targets.stream()
                    .mapToInt(target -> target.device().timeOuts())
                    .toArray();
            CommandBatch batch = new CommandBatch();
            targets.forEach(target -> add(batch, target, range));
            Outcome outcome = queue.executeDeviceTlb(
                            batch,
                            Ending.WAIT,
                            () -> targets.stream()
                                    .allMatch(target -> target.device().isGone()),
                            deadline)
                    .outcome();
            // That a device has timed out only the event log says, so it is asked; but not if there was no time for
            // that.
            if (outcome == Outcome.ABANDONED || unit.nanoTime() - start < invTimeOutNanos) {
                return;
            }
            int overflows = events.overflows();
            events.drain();
            refuseTimedOut(targets, timeOuts);
            known = events.overflows() == overflows;
        } while (!known);
    }

    private void refuseTimedOut(List<Target> targets, int[] timeOuts) {
        for (int i = 0; i < timeOuts.length; i++) {
            Device device = targets.get(i).device();
            if (device.timeOuts() != timeOuts[i] && !device.isGone()) {
                throw unit.refusal(
                        SvaError.TIMED_OUT,
                        "hardware gave up waiting for the device TLB of " + device + ": IOTLB_INV_TIMEOUT");
            }
        }
    }

    /** QueueID as in Linux and Xen: each device is throttled for itself. */
    private static void add(CommandBatch batch, Target target, long range) {
        int deviceId = target.device().requester();
        if (target.pasid() == Pasid.NONE) {
            batch.add(
                    InvalidateIotlbPages.word0(deviceId, deviceId, MAX_PEND), InvalidateIotlbPages.word1(range, false));
        } else {
            batch.add(
                    InvalidateIotlbPages.word0(deviceId, deviceId, MAX_PEND, target.pasid()),
                    InvalidateIotlbPages.word1(range, true));
        }
    }
}
