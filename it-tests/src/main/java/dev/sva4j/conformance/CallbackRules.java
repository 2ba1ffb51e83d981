package dev.sva4j.conformance;

import static dev.sva4j.conformance.BoundProcess.PAGE;
import static dev.sva4j.conformance.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.ExitPolicy;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.SvaError;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Chapter 5, exit and quiesce, second part: what the driver is told, and who ends the bond.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface CallbackRules extends Subject {
    /**
     * Lets a callback block until the end of the rule.
     *
     * <p>Invariant I31. Source: "iommu/vt-d: Avoid draining PRQ in sva mm release path"; "iommu: Remove iommu_sva_ops::mm_exit()".
     *
     * <p>If this fails, check that quiescing waits for commands only, never for a device or its driver.
     */
    @Rule(
            value = "5.10",
            text = "Exit and reclaim MUST NOT wait for a callback that never returns.",
            invariants = "I31")
    default void exitDoesNotWaitForCallbacks(Bench bench) {
        bench.run(machine -> {
            Gate gate = machine.gate();
            machine.accelerator(options -> options.withMmExit(bond -> gate.pass()));
            BoundProcess app = machine.bound("app");

            machine.finish("exit", app.mm()::exit);

            machine.await("the callback has begun", () -> machine.log().callbacksOf(app.bond()) == 1);
            assertTrue(app.mm().awaitReclaimed(Machine.PATIENCE), "its memory is given back");
            assertEquals(BondState.QUIESCED, app.bond().state(), "the bond");
            machine.dma().mustNotReach(app.pasid(), PAGE);
        });
    }

    /**
     * Lets a process die that two devices are bound to, one of them twice.
     *
     * <p>Invariant I38. Source: The 2018 patches, {@code mm_exit}.
     *
     * <p>If this fails, look for a second exit notification of the same bond.
     */
    @Rule(
            value = "5.11",
            text =
                    "Each bond of a process MUST get exactly one callback when it exits, and none when it was unbound before.",
            invariants = "I38")
    default void callbackComesOncePerBond(Bench bench) {
        bench.run(machine -> {
            machine.accelerator(options -> options.withMmExit(bond -> {}));
            BoundProcess early = machine.bound("early");
            early.bond().unbind();
            BoundProcess app = machine.bound("app");
            machine.accelerator().bind(app.mm());
            Accelerator other = machine.another(options -> options.withMmExit(bond -> {}));
            var second = other.bind(app.mm());

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
     * <p>Invariants I34, I38. Source: The 2018 patches, unbind against {@code mm_exit}.
     *
     * <p>If this fails, unbind waits for the very callback that it is called from.
     */
    @Rule(
            value = "5.12",
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
     * <p>Invariants I2, I20, I38. Source: The 2018 patches, second version.
     *
     * <p>If this fails, the number was free while the device could still send it, or not free afterwards.
     */
    @Rule(
            value = "5.13",
            text =
                    "Where the return of the callback releases a bond, the PASID MUST stay quiesced and taken until then, and be free after.",
            invariants = {"I2", "I20", "I38"})
    default void returnOfTheCallbackReleases(Bench bench) {
        bench.needsPasids();
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
     * <p>Invariant I38. Source: The 2018 discussion of both policies.
     *
     * <p>If this fails, one of the policies takes a way through the states that the other does not.
     */
    @Rule(
            value = "5.14",
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
