package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.api.SvaError;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.smmu.layout.AtsCommands;
import java.util.ArrayList;
import java.util.List;

/**
 * Invalidation of device TLBs (IHI 0070 §3.9, §4).
 *
 * <p>A device that has vanished or hangs never acknowledges, and its CMD_SYNC keeps the whole queue from going on. What
 * happens then:
 * <ul>
 *   <li>Hardware with a time-out of its own stops at the CMD_SYNC with CERROR_ATC_INV_SYNC, which does not say whose
 *       acknowledgement is missing. If a device of the run is known to be gone by then, the others are invalidated once
 *       more without it; if none is, the call has timed out.
 *   <li>Core says that every device of the run is gone: the wait ends at once, since what their ATCs hold cannot reach
 *       memory.
 *   <li>The command time-out passes first: the call has timed out. Core cuts the device off.
 * </ul>
 * In the last two cases the queue is freed from the CMD_SYNC, see {@link CommandQueue#executeAtc}.
 */
final class AtcInvalidation {
    /**
     * Part of an ATC.
     *
     * @param device whose ATC
     * @param pasid translations of this PASID, or {@link Pasid#NONE} for all that the ATC holds
     */
    record Target(Device device, int pasid) {
        /**
         * Translations that were got without a PASID can only be reached without one (IHI 0070 §4, S1DSS = 0b10).
         */
        private long word0() {
            return AtsCommands.atcInvWord0(pasid != Pasid.NONE, Bond.substreamOf(pasid), device.stream(), false);
        }
    }

    private final Unit unit;
    private final CommandQueue commands;

    AtcInvalidation(Unit unit, CommandQueue commands) {
        this.unit = unit;
        this.commands = commands;
    }

    /** The whole address space. */
    void all(Target target) {
        invalidate(List.of(target), AtsCommands.atcInvAllWord1());
    }

    /** {@code [start, last]} for each bond, or as much more as makes it an aligned power of two. */
    void range(List<Bond> bonds, long start, long last) {
        long bytes = last - start + 1;
        invalidate(
                bonds.stream()
                        .map(bond -> new Target(bond.device(), bond.pasid()))
                        .toList(),
                bytes == 0 ? AtsCommands.atcInvAllWord1() : AtsCommands.atcInvWord1(start, bytes));
    }

    private void invalidate(List<Target> targets, long word1) {
        List<Target> left = new ArrayList<>(targets);
        left.removeIf(target -> !target.device().hasAtc());
        for (int from = 0; from < left.size(); from += commands.runLength()) {
            int to = Math.min(left.size(), from + commands.runLength());
            invalidateRun(new ArrayList<>(left.subList(from, to)), word1);
        }
    }

    private void invalidateRun(List<Target> targets, long word1) {
        while (!targets.isEmpty()) {
            CommandBatch batch = new CommandBatch();
            targets.forEach(target -> batch.add(target.word0(), word1));
            CommandQueue.Outcome outcome = commands.executeAtc(
                    batch,
                    () -> targets.stream().allMatch(target -> target.device().isGone()));
            if (outcome == CommandQueue.Outcome.DONE || outcome == CommandQueue.Outcome.ABANDONED) {
                return;
            }
            boolean anyGone = targets.removeIf(target -> target.device().isGone());
            if (outcome == CommandQueue.Outcome.ATC_TIMED_OUT && !anyGone) {
                throw unit.refusal(
                        SvaError.TIMED_OUT,
                        "hardware gave up waiting for the ATC of "
                                + targets.stream()
                                        .map(Target::device)
                                        .distinct()
                                        .toList() + ": CERROR_ATC_INV_SYNC");
            }
        }
    }
}
