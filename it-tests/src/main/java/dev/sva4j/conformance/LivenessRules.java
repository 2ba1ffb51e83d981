package dev.sva4j.conformance;

import static dev.sva4j.conformance.BoundProcess.PAGE;
import static dev.sva4j.conformance.BoundProcess.WORD;
import static dev.sva4j.conformance.Machine.LAZY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sva4j.api.BondState;
import dev.sva4j.api.DmaOperation;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.Protection;
import dev.sva4j.spi.ResponseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/**
 * Chapter 8, liveness: everything ends, everything comes back, and nobody waits for someone else's trouble.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface LivenessRules extends Subject {
    /**
     * Takes a bond through its whole life, and one that ends by itself, and counts frames afterwards.
     *
     * <p>Invariants I5, I35, I36. Source: "iommu/arm-smmu-v3-sva: Fix mm use-after-free"; symmetry of attach and detach.
     *
     * <p>If this fails, compare what the driver half allocates when attaching, binding and starting with what it frees.
     */
    @Rule(
            value = "8.1",
            text =
                    "When a system is closed, the driver half MUST have returned every frame, and nothing else MUST be left.",
            invariants = {"I5", "I35", "I36"})
    default void everyFrameComesBack(Bench bench) {
        Machine closed = bench.run(machine -> {
            BoundProcess unbound = machine.bound("unbound");
            unbound.bond().unbind();
            BoundProcess killed = machine.bound("killed");
            killed.mm().exit();
            machine.bound("still alive", machine.another());
        });

        assertEquals(0, closed.tap().frames().held(), "bytes that the driver half has kept");
        assertEquals(0, closed.tap().host().frames().allocatedBytes(), "bytes that anyone has kept");
    }

    /**
     * Pulls the device out of its slot while it is bound and working.
     *
     * <p>Invariants I30, I33. Source: "iommu/vt-d: Don't issue ATS Invalidation request when device is disconnected".
     *
     * <p>If this fails, something waits for the answer of a function that is not there.
     */
    @Rule(
            value = "8.2",
            text = "When a device vanishes, changes of mappings, exit and unbind MUST end all the same.",
            invariants = {"I30", "I33"})
    default void vanishedDeviceHoldsUpNothing(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Accelerator other = machine.another();
            other.bind(app.mm());
            other.dma().mustLoad(app.pasid(), PAGE, WORD);

            machine.accelerator().model().surpriseRemove();

            machine.finish("unmap", () -> app.mm().unmap(PAGE, Machine.PAGE_SIZE));
            other.dma().mustNotReach(app.pasid(), PAGE);
            machine.finish("exit", app.mm()::exit);
            machine.finish("unbind", app.bond()::unbind);
            assertEquals(BondState.NONE, app.bond().state(), "the bond");
        });
    }

    /**
     * Pulls the device out while an access of it waits for memory.
     *
     * <p>Invariants I30, I33. Source: "iommu/vt-d: Don't issue ATS Invalidation request when device is disconnected".
     *
     * <p>If this fails, an access or a group was left behind when its device was removed.
     */
    @Rule(
            value = "8.3",
            text = "When a device vanishes, what it has under way MUST end.",
            invariants = {"I30", "I33"})
    default void vanishedDeviceLeavesNothingWaiting(Bench bench) {
        bench.race(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().map(LAZY, 4 * Machine.PAGE_SIZE, Protection.READ_WRITE);

            DmaOperation access = machine.dma().storing(app.pasid(), LAZY, 1);
            machine.accelerator().model().surpriseRemove();

            machine.dma().end(access);
            assertEquals(DmaStatus.FENCED, machine.dma().load(app.pasid(), PAGE), "an access after the removal");
            machine.finish("unbind", app.bond()::unbind);
        });
    }

    /**
     * Lets one driver hang in its callback and goes on with another device and another process.
     *
     * <p>Invariants I31, I32. Source: "iommufd/fault: Use a separate spinlock to protect fault-&gt;deliver list".
     *
     * <p>If this fails, look for a task or a lock that all devices share.
     */
    @Rule(
            value = "8.4",
            text = "A driver that hangs MUST NOT keep other devices and processes from going on, exit included.",
            invariants = {"I31", "I32"})
    default void hangingDriverHoldsUpNobodyElse(Bench bench) {
        bench.run(machine -> {
            Gate gate = machine.gate();
            machine.accelerator(options -> options.withMmExit(bond -> gate.pass()));
            BoundProcess dead = machine.bound("dead");
            dead.mm().exit();
            machine.await("the callback hangs", () -> machine.log().callbacksOf(dead.bond()) == 1);

            Accelerator other = machine.another();
            BoundProcess app = machine.bound("app", other);
            other.dma().mustStore(app.pasid(), PAGE, 2);
            machine.finish("exit", app.mm()::exit);
            machine.finish("unbind", app.bond()::unbind);

            assertEquals(BondState.NONE, app.bond().state(), "the bond of the other device");
        });
    }

    /**
     * Lets one device fault at nothing as fast as it can, and another one work.
     *
     * <p>Invariants I29, I32. Source: "iommu/amd: Fix PPR interrupt processing logic".
     *
     * <p>If this fails, check that the work per interrupt is bounded.
     */
    @Rule(
            value = "8.5",
            text = "A storm of faults of one device MUST NOT keep another one from getting its memory.",
            invariants = {"I29", "I32"})
    default void faultStormHoldsUpNobodyElse(Bench bench) {
        bench.needsRecoverableFaults();
        bench.race(machine -> {
            BoundProcess wild = machine.bound("wild");
            Accelerator other = machine.another();
            BoundProcess app = machine.bound("app", other);
            app.mm().map(LAZY, 8 * Machine.PAGE_SIZE, Protection.READ_WRITE);
            Traffic storm =
                    Traffic.of(machine, channel -> channel.store(wild.pasid(), PAGE + 0x20_0000, 1) != DmaStatus.OK);

            for (int page = 0; page < 8; page++) {
                other.dma().mustStore(app.pasid(), LAZY + page * Machine.PAGE_SIZE, page);
            }

            storm.stop();
            assertTrue(storm.isGood(), "an access to nothing went through");
        });
    }

    /**
     * Sends more page requests than any queue holds, none of them the last of its group, and then faults as usual.
     *
     * <p>Invariants I23, I27, I32. Source: "iommu/vt-d: Clear PRQ overflow only when PRQ is empty"; "iommu/arm-smmu-v3: Acknowledge
     * pri/event queue overflow if any".
     *
     * <p>If this fails, check how the overflow of the queue is acknowledged, also when the queue looks empty by then.
     */
    @Rule(
            value = "8.6",
            text = "After more page requests than the queue holds, later faults MUST be served; a group MUST NOT be "
                    + "answered twice.",
            invariants = {"I23", "I27", "I32"})
    default void overflowIsRecoveredFrom(Bench bench) {
        bench.needsPageRequests();
        bench.race(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().map(LAZY, 4 * Machine.PAGE_SIZE, Protection.READ_WRITE);
            Probe probe = new Probe(machine);
            List<Integer> groups = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                groups.add(probe.newGroup());
            }

            for (int i = 0; i < 4_000; i++) {
                probe.requestPage(app.pasid(), PAGE, groups.get(i % groups.size()), false);
            }

            for (int page = 0; page < 4; page++) {
                mustRecover(machine, app.pasid(), LAZY + page * Machine.PAGE_SIZE, page);
            }
            app.bond().unbind();
            for (int group : groups) {
                assertTrue(
                        probe.responsesTo(group).size() <= 1,
                        () -> "answers to group " + group + ": " + probe.responsesTo(group));
            }
        });
    }

    /** While the queue is full hardware may answer by itself, and may say "try again" faster than software works it off. */
    private static void mustRecover(Machine machine, int pasid, long address, long value) {
        DmaStatus status = DmaStatus.RETRIES_EXHAUSTED;
        for (int attempt = 0; attempt < 100 && status == DmaStatus.RETRIES_EXHAUSTED; attempt++) {
            status = machine.dma().store(pasid, address, value);
        }
        assertEquals(DmaStatus.OK, status, "a fault after the flood");
    }

    /**
     * Lets everything happen in a random order, on three tasks at the same time.
     *
     * <p>Invariants I5, I22, I35. Source: "iommu/sva: Fix crash in iommu_sva_unbind_device()".
     *
     * <p>If this fails, run the seed of the message again: the schedule is the same.
     */
    @Rule(
            value = "8.7",
            text =
                    "Bind, unbind, faults, changes of mappings and exit in any order MUST end with every PASID and every page given back.",
            invariants = {"I5", "I22", "I35"})
    default void anyOrderEndsClean(Bench bench) {
        bench.race(machine -> {
            RandomLife life = new RandomLife(machine, bench.behaviour().seed());

            life.run();

            assertEquals(0, machine.system().pasids().allocated(), "PASIDs in use");
            assertEquals(List.of(), machine.accelerator().driver().bonds(), "bonds");
        });
    }

    /**
     * Opens a group with a request for nothing that is mapped, overflows the queue, and uses the same group index again.
     *
     * <p>Invariant I27. Source: "iommu/vt-d: Clear PRQ overflow only when PRQ is empty"; Linux {@code iopf_queue_discard_partial}.
     *
     * <p>If this fails, core was not told that requests were lost, or told before those that were queued had been taken.
     */
    @Rule(
            value = "8.8",
            text = "After an overflow, a page-request group MUST NOT be completed with requests from before it.",
            invariants = "I27")
    default void overflowEndsOpenGroups(Bench bench) {
        bench.needsPageRequests();
        int sent = 4_000;
        // In one schedule, in which nobody empties the queue while the flood comes: otherwise nothing might be lost.
        bench.runSeeded(bench.subject().firstSeed(), UnaryOperator.identity(), machine -> {
            BoundProcess app = machine.bound("app");
            Probe probe = new Probe(machine);
            int open = probe.newGroup();
            int flood = probe.newGroup();

            probe.requestPage(app.pasid(), LAZY, open, false);
            for (int i = 0; i < sent; i++) {
                probe.requestPage(app.pasid(), PAGE, flood, false);
            }
            app.mm().map(LAZY + Machine.PAGE_SIZE, Machine.PAGE_SIZE, Protection.READ_WRITE);
            mustRecover(machine, app.pasid(), LAZY + Machine.PAGE_SIZE, 1);
            assumeTrue(machine.log().pageRequestsOf(app.pasid()) < sent, "the queue holds all of the flood");
            probe.requestPage(app.pasid(), PAGE, open, true);

            assertEquals(ResponseCode.SUCCESS, probe.responseTo(open), "the answer to the group that was begun anew");
        });
    }
}
