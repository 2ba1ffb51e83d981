package dev.sva4j.conformance;

import static dev.sva4j.conformance.BoundProcess.PAGE;
import static dev.sva4j.conformance.BoundProcess.WORD;
import static dev.sva4j.conformance.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.ExitPolicy;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.SvaError;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Transaction;
import java.util.List;
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
     * <p>Invariants I19, I20. Source: sva-lifecycle §1.7 (QUIESCED), §2.4.
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
     * <p>Invariant I20. Source: sva-lifecycle §1.6 (the intermediate state must be silent).
     *
     * <p>If this fails, the quiesced encoding lets hardware record faults; either silence it or declare that software has to drop them.
     */
    @Rule(
            value = "5.2",
            text = "From exit to unbind, no access with the PASID MUST be reported, whatever their number.",
            invariants = "I20")
    default void accessAfterExitIsNotReported(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().exit();

            for (int i = 0; i < 500; i++) {
                machine.dma().mustNotReach(app.pasid(), PAGE + i * Machine.PAGE_SIZE);
            }

            machine.awaitReports();
            assertEquals(0, machine.log().reportsOf(app.pasid()), "reports");
        });
    }

    /**
     * Asks for a translation after exit.
     *
     * <p>Invariant I20. Source: sva-lifecycle §1.7 (answer with R=W=0).
     *
     * <p>If this fails, check how the quiesced encoding answers ATS: an error would make the function disable its ATS.
     */
    @Rule(
            value = "5.3",
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
     * <p>Invariants I20, I25, I26. Source: sva-lifecycle §1.7 (INVALID, at once), bug 13.
     *
     * <p>If this fails, check that the request was answered at all, and not with FAILURE, which shuts the interface of the function down.
     */
    @Rule(
            value = "5.4",
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
        });
    }

    /**
     * Goes on with a second process after the first one has died.
     *
     * <p>Invariants I19, I20. Source: sva-lifecycle §1.5 (silence is per PASID).
     *
     * <p>If this fails, check that quiescing touches one entry, and no setting of the device as a whole.
     */
    @Rule(
            value = "5.5",
            text =
                    "While one PASID is quiesced, others of the device MUST keep working, and faults MUST keep being reported.",
            invariants = {"I19", "I20"})
    default void otherPasidsAreNotQuiesced(Bench bench) {
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
     * <p>Invariant I19. Source: sva-lifecycle §2.4 (the hardware must be off the tables when release returns).
     *
     * <p>If this fails, an access that had been translated before was still on its way when exit returned.
     */
    @Rule(
            value = "5.6",
            text = "When exit has returned, no access that began before it MUST still reach memory.",
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
     * Lets a callback block until the end of the rule.
     *
     * <p>Invariant I31. Source: sva-lifecycle §1.6 (why mm_exit was removed), bug 15.
     *
     * <p>If this fails, check that quiescing waits for commands only, never for a device or its driver.
     */
    @Rule(value = "5.7", text = "Exit and reclaim MUST NOT wait for a callback that never returns.", invariants = "I31")
    default void exitDoesNotWaitForCallbacks(Bench bench) {
        bench.run(machine -> {
            Gate gate = machine.gate();
            machine.accelerator(options -> options.withMmExit(bond -> gate.pass()));
            BoundProcess app = machine.bound("app");

            machine.join(machine.spawn("exit", app.mm()::exit));

            machine.await("the callback has begun", () -> machine.log().callbacksOf(app.bond()) == 1);
            assertTrue(app.mm().awaitReclaimed(Machine.PATIENCE), "its memory is given back");
            assertEquals(BondState.QUIESCED, app.bond().state(), "the bond");
            machine.dma().mustNotReach(app.pasid(), PAGE);
        });
    }

    /**
     * Lets a process die whose driver never unbinds, over and over.
     *
     * <p>Invariants I31, I38. Source: sva-lifecycle §6.5 (I38: it blocks its PASID for ever but nothing else).
     *
     * <p>If this fails, something besides the number and the entry is kept until unbind.
     */
    @Rule(
            value = "5.8",
            text =
                    "A driver that never unbinds MUST keep nothing but the PASID of a dead process from being used again.",
            invariants = {"I31", "I38"})
    default void exitDoesNotWaitForUnbind(Bench bench) {
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
     * <p>Invariants I25, I31. Source: sva-lifecycle §1.5 (the reaper), §3.3 (no fresh page in a reaped mm).
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

    /**
     * Lets a process die that two devices are bound to, one of them twice.
     *
     * <p>Invariant I38. Source: sva-lifecycle §1.1 (one callback per bond).
     *
     * <p>If this fails, look for a second exit notification of the same bond.
     */
    @Rule(
            value = "5.10",
            text =
                    "Each bond of a process MUST get exactly one callback when it exits, and none when it was unbound before.",
            invariants = "I38")
    default void callbackComesOncePerBond(Bench bench) {
        bench.run(machine -> {
            machine.accelerator(options -> options.withMmExit(bond -> {}));
            BoundProcess app = machine.bound("app");
            BoundProcess early = machine.bound("early");
            machine.accelerator().bind(app.mm());
            Accelerator other = machine.another(options -> options.withMmExit(bond -> {}));
            var second = other.bind(app.mm());
            early.bond().unbind();

            app.mm().exit();
            early.mm().exit();
            app.mm().exit();

            machine.await(
                    "both devices are told",
                    () -> machine.log().callbacksOf(app.bond()) > 0
                            && machine.log().callbacksOf(second) > 0);
            machine.accelerator().unbindAll();
            other.unbindAll();
            assertEquals(1, machine.log().callbacksOf(app.bond()), "callbacks of the first bond");
            assertEquals(1, machine.log().callbacksOf(second), "callbacks of the second bond");
            assertEquals(0, machine.log().callbacksOf(early.bond()), "callbacks of a bond that was over");
        });
    }

    /**
     * Unbinds inside the callback; and lets a callback throw.
     *
     * <p>Invariants I34, I38. Source: sva-lifecycle §1.3 (unbind versus mm_exit).
     *
     * <p>If this fails, unbind waits for the very callback that it is called from.
     */
    @Rule(
            value = "5.11",
            text = "A callback MAY unbind, and one that throws MUST count as returned and be reported.",
            invariants = {"I34", "I38"})
    default void callbackMayUnbind(Bench bench) {
        bench.run(machine -> {
            machine.accelerator(options -> options.withMmExit(bond -> {
                bond.unbind();
                throw new IllegalStateException("thrown by a rule");
            }));
            BoundProcess app = machine.bound("app");

            app.mm().exit();

            machine.await(
                    "the failure of the callback is reported",
                    () -> machine.log().failedCallbacks().size() == 1);
            assertEquals(BondState.NONE, app.bond().state(), "the bond");
            machine.dma().mustNotReach(app.pasid(), PAGE);
        });
    }

    /**
     * Under the policy that the return of the callback releases the bond, looks before and after the return.
     *
     * <p>Invariants I20, I38. Source: sva-lifecycle §1.5 (policy A), §6.5.
     *
     * <p>If this fails, the number was free while the device could still send it, or not free afterwards.
     */
    @Rule(
            value = "5.12",
            text =
                    "Where the return of the callback releases a bond, the PASID MUST stay quiesced and taken until then, and be free after.",
            invariants = {"I2", "I20", "I38"})
    default void returnOfTheCallbackReleases(Bench bench) {
        PasidRange one = new PasidRange(5, 5);
        bench.run(machine -> {
            Gate gate = machine.gate();
            Accelerator device = machine.accelerator(options -> options.withPasids(one)
                    .withExitPolicy(ExitPolicy.RELEASE_ON_RETURN)
                    .withMmExit(bond -> gate.pass()));
            BoundProcess dead = machine.bound("dead");
            AddressSpace next = machine.process("next");
            dead.mm().close();

            assertEquals(BondState.QUIESCED, dead.bond().state(), "the bond while the callback runs");
            machine.dma().mustNotReach(dead.pasid(), PAGE);
            assertRefused(SvaError.NO_SPACE, () -> device.bind(next));

            gate.open();
            machine.await("the bond ends", () -> dead.bond().state() == BondState.NONE);
            machine.await("the PASID is free", () -> machine.system().pasids().allocated() == 0);
            assertEquals(one.min(), device.bind(next).pasid(), "the PASID of the next process");
        });
    }

    /**
     * Stops the device before exit, and compares what the two policies do then.
     *
     * <p>Invariant I38. Source: sva-lifecycle §6.5.
     *
     * <p>If this fails, one of the policies takes a way through the states that the other does not.
     */
    @Rule(
            value = "5.13",
            text = "For a device that has stopped before exit, the policies MUST take a bond through the same states.",
            invariants = "I38")
    default void policiesAreEquivalent(Bench bench) {
        List<BondState> expected = List.of(BondState.BOUND, BondState.QUIESCED, BondState.DRAINING, BondState.NONE);
        for (ExitPolicy policy : List.of(ExitPolicy.EXPLICIT_UNBIND, ExitPolicy.RELEASE_ON_RETURN)) {
            bench.run(machine -> {
                machine.accelerator(options -> options.withExitPolicy(policy));
                BoundProcess app = machine.bound("app");

                app.mm().exit();
                if (policy == ExitPolicy.EXPLICIT_UNBIND) {
                    app.bond().unbind();
                }

                machine.await("the bond ends", () -> app.bond().state() == BondState.NONE);
                machine.await(
                        "the last state is told", () -> machine.log().states().contains(BondState.NONE));
                assertEquals(expected, machine.log().states(), () -> "states under " + policy);
                assertEquals(0, machine.log().reports().size(), "reports");
            });
        }
    }
}
