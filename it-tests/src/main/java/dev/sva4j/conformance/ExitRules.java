package dev.sva4j.conformance;

import static dev.sva4j.conformance.BoundProcess.PAGE;
import static dev.sva4j.conformance.BoundProcess.WORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.QuiesceStrategy;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Transaction;
import org.apiguardian.api.API;

/**
 * Chapter 5, exit and quiesce: the process is dead, its device does not know yet.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface ExitRules extends Subject {
    /**
     * Lets a process die, gives its frames to someone else, and lets the device read and write.
     *
     * <p>Invariants I19, I20. Source: Linux {@code arm_smmu_mm_release}, {@code intel_mm_release}.
     *
     * <p>If this fails, check that quiescing invalidates configuration cache, IOTLB and ATC, and waits for them.
     */
    @Rule(
            value = "5.1",
            text = "When exit has returned, accesses with the PASID MUST abort without effect on memory, until unbind.",
            invariants = {"I19", "I20"})
    default void accessAfterExitAborts(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");

            app.mm().exit();

            assertEquals(BondState.QUIESCED, app.bond().state(), "the bond");
            Hog hog = machine.hog();
            for (int i = 0; i < 20; i++) {
                machine.dma().mustNotReach(app.pasid(), PAGE);
            }
            hog.assertIntact();
        });
    }

    /**
     * Lets the device of a dead process go on for a long time.
     *
     * <p>Invariant I20. Source: "iommu: Remove iommu_sva_ops::mm_exit()", the reasons.
     *
     * <p>If this fails, the quiesced encoding lets hardware record faults; either silence it or declare that software has to drop them.
     */
    @Rule(
            value = "5.2",
            text = "From exit to unbind, accesses with the PASID MUST NOT be reported, whatever their number.",
            invariants = "I20")
    default void accessAfterExitIsNotReported(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().exit();

            for (int i = 0; i < 500; i++) {
                machine.dma().mustNotReach(app.pasid(), PAGE + i * Machine.PAGE_SIZE);
                machine.mustBeRefused(app.pasid(), PAGE + i * Machine.PAGE_SIZE);
            }

            machine.awaitReports();
            assertEquals(0, machine.log().reportsOf(app.pasid()), "reports");
        });
    }

    /**
     * Lets the device of a dead process go on and counts the records that the driver half reads.
     *
     * <p>Invariant I20. Source: The 2018 discussion: what the third state costs each architecture.
     *
     * <p>If this fails, the strategy promises more than its encoding keeps: correct the one or the other.
     */
    @Rule(
            value = "5.3",
            text =
                    "A quiesce strategy that promises silence in hardware MUST keep hardware from recording any fault of the PASID.",
            invariants = "I20")
    default void silenceInHardwareIsKept(Bench bench) {
        QuiesceStrategy strategy = driver().quiesceStrategies().get(0);
        assumeTrue(
                strategy.silentInHardware(), () -> "'" + strategy.name() + "' leaves it to software to drop records");
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().exit();

            for (int i = 0; i < 20; i++) {
                machine.dma().mustNotReach(app.pasid(), PAGE);
                machine.mustBeRefused(app.pasid(), PAGE);
            }

            machine.awaitReports();
            assertEquals(0, machine.system().counters().faultsDropped(), "records that software had to drop");
        });
    }

    /**
     * Asks for a translation after exit.
     *
     * <p>Invariant I20. Source: PCI Express Base Specification, "Translation Completion"; Arm IHI 0070, EPD0.
     *
     * <p>If this fails, check how the quiesced encoding answers ATS: an error would make the function disable its ATS.
     */
    @Rule(
            value = "5.4",
            text = "From exit to unbind, translation requests (ATS) with the PASID MUST be completed with no rights.",
            invariants = "I20")
    default void translationAfterExitHasNoRights(Bench bench) {
        bench.needsAts();
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Probe probe = new Probe(machine);
            Transaction before = probe.translationOf(app.pasid(), PAGE);
            assertNotEquals(0, before.grantedRights(), "rights before exit");

            app.mm().exit();
            Transaction after = probe.translationOf(app.pasid(), PAGE);

            assertEquals(CompletionStatus.SUCCESS, after.status(), "the completion");
            assertEquals(0, after.grantedRights(), "rights after exit");
        });
    }

    /**
     * Sends a page request after exit.
     *
     * <p>Invariants I20, I25, I26. Source: "iommu/vt-d: Use INVALID response code instead of FAILURE".
     *
     * <p>If this fails, check that the request was answered at all, and not with FAILURE, which shuts the interface of the function down.
     */
    @Rule(
            value = "5.5",
            text = "From exit to unbind, page requests with the PASID MUST be answered INVALID.",
            invariants = {"I20", "I25", "I26"})
    default void pageRequestAfterExitIsInvalid(Bench bench) {
        bench.needsPageRequests();
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Probe probe = new Probe(machine);
            app.mm().exit();

            int group = probe.newGroup();
            probe.requestPage(app.pasid(), PAGE, group, true);

            assertEquals(ResponseCode.INVALID, probe.responseTo(group), "the answer");
            app.bond().unbind();
            assertEquals(1, probe.responsesTo(group).size(), "answers in the end");
        });
    }

    /**
     * Goes on with a second process after the first one has died.
     *
     * <p>Invariants I19, I20. Source: The 2018 discussion: suppression per device or per PASID.
     *
     * <p>If this fails, check that quiescing touches one entry, and no setting of the device as a whole.
     */
    @Rule(
            value = "5.6",
            text =
                    "While one PASID is quiesced, others of the device MUST keep working, and faults MUST keep being reported.",
            invariants = {"I19", "I20"})
    default void otherPasidsAreNotQuiesced(Bench bench) {
        bench.needsPasids();
        bench.run(machine -> {
            BoundProcess dead = machine.bound("dead");
            BoundProcess alive = machine.bound("alive");

            dead.mm().exit();

            machine.dma().mustNotReach(dead.pasid(), PAGE);
            machine.dma().mustLoad(alive.pasid(), PAGE, WORD);
            machine.dma().mustStore(alive.pasid(), PAGE, 2);
            machine.awaitReports();
        });
    }

    /**
     * Lets a process die under running DMA, and gives its frames to someone else at once.
     *
     * <p>Invariants I18, I19. Source: Linux {@code include/linux/mmu_notifier.h}, {@code release}.
     *
     * <p>If this fails, an access that had been translated before was still on its way when exit returned.
     */
    @Rule(
            value = "5.7",
            text = "When exit has returned, accesses that began before it MUST NOT reach memory any more.",
            invariants = {"I18", "I19"})
    default void exitUnderTrafficIsFinal(Bench bench) {
        bench.race(machine -> {
            BoundProcess app = machine.bound("app");
            Traffic traffic = Traffic.of(machine, channel -> {
                channel.store(app.pasid(), PAGE, 0xBAD);
                return true;
            });

            app.mm().exit();
            AddressSpace heir = machine.process("heir");
            Machine.give(heir, PAGE, 8);
            machine.dma().mustNotReach(app.pasid(), PAGE);
            traffic.stop();

            for (int page = 0; page < 8; page++) {
                assertEquals(0, Machine.peek(heir, PAGE + page * Machine.PAGE_SIZE), "memory of another process");
            }
        });
    }

    /**
     * Lets a process die whose driver never unbinds, over and over.
     *
     * <p>Invariants I31, I38. Source: Explicit unbind in the 2018 discussion.
     *
     * <p>If this fails, something besides the number and the entry is kept until unbind.
     */
    @Rule(
            value = "5.8",
            text = "What a driver that never unbinds keeps from being used again MUST be the PASID of the dead "
                    + "process and nothing else.",
            invariants = {"I31", "I38"})
    default void exitDoesNotWaitForUnbind(Bench bench) {
        bench.needsPasids();
        bench.run(machine -> {
            int dead = 6;
            for (int i = 0; i < dead; i++) {
                BoundProcess app = machine.bound("app " + i);
                // Together they have more memory than there is.
                Machine.give(app.mm(), PAGE + 0x100_0000, (int) (Machine.MEMORY / 4 / Machine.PAGE_SIZE));
                app.mm().exit();
                assertTrue(app.mm().awaitReclaimed(Machine.PATIENCE), "its memory is given back");
            }
            assertEquals(dead, machine.system().pasids().allocated(), "PASIDs in use");
        });
    }

    /**
     * Kills a process because memory is short.
     *
     * <p>Invariants I25, I31. Source: Linux {@code mm/oom_kill.c}; {@code MMF_UNSTABLE}.
     *
     * <p>If this fails, check that a device cannot fault pages back in once the reaper has begun.
     */
    @Rule(
            value = "5.9",
            text =
                    "When a process was killed for memory, its pages MUST come back, and a device MUST NOT get new ones for it.",
            invariants = {"I25", "I31"})
    default void killedProcessIsReaped(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");

            app.mm().oomKill();

            assertTrue(app.mm().awaitReclaimed(Machine.PATIENCE), "its memory is given back");
            machine.dma().mustNotReach(app.pasid(), PAGE);
            assertEquals(0, app.mm().residentBytes(), "memory of the dead process");
        });
    }
}
