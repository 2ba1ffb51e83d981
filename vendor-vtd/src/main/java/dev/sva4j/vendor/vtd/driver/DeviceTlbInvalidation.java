package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.spi.driver.CompletionQueue;
import dev.sva4j.spi.driver.CompletionQueue.Outcome;
import dev.sva4j.spi.driver.CompletionQueue.Result;
import dev.sva4j.spi.driver.CompletionRing.Ending;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.vtd.layout.AddressBlock;
import dev.sva4j.vendor.vtd.layout.DeviceTlbInvalidate;
import dev.sva4j.vendor.vtd.layout.PasidDeviceTlbInvalidate;
import java.util.ArrayList;
import java.util.List;

/**
 * Invalidation of device TLBs (VT-d 6.5.2.5, 6.5.2.6).
 *
 * <p>A device that has vanished or hangs never completes, and the inv_wait behind its invalidation does not either. What
 * happens then:
 * <ul>
 *   <li>Hardware with a time-out of its own (FSTS.ITE) drops every invalidation and wait that was pending. If it names a
 *       device of this call that is not known to be gone, the call has timed out; else what is left is issued again.
 *   <li>Core says that every device of the run is gone: the wait ends at once, since what their device TLBs hold cannot
 *       reach memory.
 *   <li>The command time-out passes first: the call has timed out. Core cuts the device off.
 * </ul>
 */
final class DeviceTlbInvalidation {
    /** MIP = 0: up to 32 invalidations may be pending, which is what a device accepts that says nothing else. */
    private static final int MIP = 0;

    /**
     * Part of a device TLB.
     *
     * @param device whose
     * @param pasid translations of this PASID, or {@link Pasid#NONE} for those of requests without
     */
    record Target(Device device, int pasid) {}

    private final Unit unit;
    private final CompletionQueue queue;
    private final boolean throttled;

    DeviceTlbInvalidation(Unit unit, CompletionQueue queue, Features features) {
        this.unit = unit;
        this.queue = queue;
        this.throttled = features.throttlesDeviceTlbInvalidation();
    }

    /** The whole address space. */
    void all(Target target) {
        range(List.of(target), 0, AddressBlock.ORDER_ALL);
    }

    /** The block of {@code 2^order} pages around an address, for each target that has a device TLB. */
    void range(List<Target> targets, long address, int order) {
        List<Target> left = new ArrayList<>(targets);
        left.removeIf(target -> !target.device().hasDeviceTlb());
        for (int from = 0; from < left.size(); from += CompletionQueue.runLength()) {
            int to = Math.min(left.size(), from + CompletionQueue.runLength());
            execute(new CommandBatch(), new ArrayList<>(left.subList(from, to)), address, order, Ending.WAIT);
        }
    }

    /**
     * Issues what has to come before, then the invalidation of the whole address space for the target if it has a device
     * TLB, and waits for page requests too.
     */
    void drain(CommandBatch before, Target target) {
        List<Target> targets = new ArrayList<>();
        if (target.device().hasDeviceTlb()) {
            targets.add(target);
        }
        execute(before, targets, 0, AddressBlock.ORDER_ALL, Ending.WAIT_FOR_PAGE_REQUESTS);
    }

    private void execute(CommandBatch before, List<Target> targets, long address, int order, Ending ending) {
        long deadline = unit.deadline();
        while (before.size() > 0 || !targets.isEmpty()) {
            CommandBatch batch = new CommandBatch();
            for (int i = 0; i < before.size(); i++) {
                batch.add(before.word0(i), before.word1(i));
            }
            targets.forEach(target -> add(batch, target, address, order));
            Result result = queue.executeDeviceTlb(batch, ending, () -> areAllGone(targets), deadline);
            if (result.outcome() != Outcome.ABORTED) {
                return;
            }
            targets.removeIf(target -> target.device().isGone());
            for (Target target : targets) {
                if (target.device().requester() == result.timedOutDevice()) {
                    throw unit.refusal(
                            SvaError.TIMED_OUT,
                            "hardware gave up waiting for the device TLB of " + target.device() + ": FSTS.ITE");
                }
            }
        }
    }

    /** Those that were there and have gone; a run without device TLBs waits for hardware alone. */
    private static boolean areAllGone(List<Target> targets) {
        if (targets.isEmpty()) {
            return false;
        }
        for (Target target : targets) {
            if (!target.device().isGone()) {
                return false;
            }
        }
        return true;
    }

    private void add(CommandBatch batch, Target target, long address, int order) {
        long sid = target.device().sid();
        // PFSID of a function that is not virtual is its own id (VT-d 6.5.2.5).
        long pfsid = throttled ? sid : 0;
        if (target.pasid() == Pasid.NONE) {
            batch.add(DeviceTlbInvalidate.word0(sid, pfsid, MIP), DeviceTlbInvalidate.word1(address, order));
        } else {
            batch.add(
                    PasidDeviceTlbInvalidate.word0(sid, target.pasid(), pfsid, MIP),
                    PasidDeviceTlbInvalidate.word1(address, order));
        }
    }
}
