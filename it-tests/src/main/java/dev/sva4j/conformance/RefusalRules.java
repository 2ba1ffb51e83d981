package dev.sva4j.conformance;

import static dev.sva4j.conformance.BoundProcess.PAGE;
import static dev.sva4j.conformance.BoundProcess.WORD;
import static dev.sva4j.conformance.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Chapter 9, refusals: a call that cannot be served says why, and changes nothing.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface RefusalRules extends Subject {
    /**
     * Initialises a device twice.
     *
     * <p>Invariant I9. Source: Review of the second version of the 2018 patches.
     *
     * <p>If this fails, the refusal came after something had been done to the device.
     */
    @Rule(
            value = "9.1",
            text = "Initialising a device again MUST be refused with EXISTS and change nothing.",
            invariants = "I9")
    default void secondInitIsRefused(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");

            assertRefused(
                    SvaError.EXISTS,
                    () -> machine.system().initDevice(bench.spec().name(), DeviceOptions.DEFAULT));

            machine.dma().mustLoad(app.pasid(), PAGE, WORD);
            assertEquals(List.of(app.bond()), machine.accelerator().driver().bonds(), "the bonds");
        });
    }

    /**
     * Binds on a device that was closed, then initialises it again.
     *
     * <p>Invariants I1, I9, I36. Source: The 2018 patches, {@code iommu_sva_device_shutdown}.
     *
     * <p>If this fails, check that detaching a device leaves nothing behind that attaching it again meets.
     */
    @Rule(
            value = "9.2",
            text =
                    "Closing a device MUST end its bonds; binding on it MUST be refused with NO_DEVICE until it is initialised again.",
            invariants = {"I1", "I9", "I36"})
    default void closedDeviceBindsNothing(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Accelerator closed = machine.accelerator();

            closed.driver().close();

            assertEquals(BondState.NONE, app.bond().state(), "the bond");
            machine.dma().mustNotReach(app.pasid(), PAGE);
            assertRefused(SvaError.NO_DEVICE, () -> closed.bind(app.mm()));
            machine.accelerator(options -> options);
            SvaBond again = machine.accelerator().bind(app.mm());
            machine.dma().mustLoad(again.pasid(), PAGE, WORD);
        });
    }

    /**
     * Asks a device that cannot recover from faults for just that.
     *
     * <p>Invariant I9. Source: intel/idxd-config issues 46 and 78; intel/dsa-perf-micros issue 2.
     *
     * <p>If this fails, a feature was dropped in silence, or the device is left half initialised.
     */
    @Rule(
            value = "9.3",
            text =
                    "A feature that device and IOMMU do not have together MUST be refused with UNSUPPORTED, naming it, and change nothing.",
            invariants = "I9")
    default void unsupportedFeatureIsRefused(Bench bench) {
        bench.needsNoRecoverableFaults();
        bench.run(machine -> {
            SvaException refusal = assertRefused(
                    SvaError.UNSUPPORTED,
                    () -> machine.accelerator(options -> options.withFeatures(DeviceFeature.PAGE_FAULTS)));

            assertTrue(
                    String.valueOf(refusal.getMessage()).contains(bench.spec().name()),
                    () -> "the message names the device: " + refusal.getMessage());
            machine.bound("app");
        });
    }

    /**
     * Unbinds once more than was bound.
     *
     * <p>Invariant I9. Source: The 2018 patches: no such bond.
     *
     * <p>If this fails, the surplus unbind has touched an entry that may belong to someone else by now.
     */
    @Rule(
            value = "9.4",
            text = "Unbinding a bond that is over MUST be refused with STALE and change nothing.",
            invariants = "I9")
    default void surplusUnbindIsRefused(Bench bench) {
        bench.run(machine -> {
            BoundProcess first = machine.bound("first");
            first.bond().unbind();
            BoundProcess second = machine.bound("second");

            assertRefused(SvaError.STALE, () -> first.bond().unbind());

            machine.dma().mustLoad(second.pasid(), PAGE, WORD);
        });
    }

    /**
     * Binds a process that is dead.
     *
     * <p>Invariants I9, I25. Source: Linux {@code iommu_sva_bind_device} (needs a users reference).
     *
     * <p>If this fails, an entry points to tables that were given back.
     */
    @Rule(
            value = "9.5",
            text = "Binding a process that has exited MUST be refused with STALE and change nothing.",
            invariants = {"I9", "I25"})
    default void deadProcessIsNotBound(Bench bench) {
        bench.run(machine -> {
            AddressSpace dead = machine.process("dead");
            machine.accelerator();
            dead.exit();
            int before = machine.system().pasids().allocated();

            assertRefused(SvaError.STALE, () -> machine.accelerator().bind(dead));

            assertEquals(before, machine.system().pasids().allocated(), "PASIDs in use");
            assertEquals(List.of(), machine.accelerator().driver().bonds(), "the bonds");
        });
    }

    /**
     * Binds a process on a device that cannot send its PASID.
     *
     * <p>Invariants I5, I9. Source: Linux {@code iommu_sva_bind_device}, EOVERFLOW.
     *
     * <p>If this fails, a number was given to a device that cannot carry it.
     */
    @Rule(
            value = "9.6",
            text =
                    "Binding a process whose PASID lies outside the range of a device MUST be refused with RANGE and change nothing.",
            invariants = {"I5", "I9"})
    default void pasidOutsideTheRangeIsRefused(Bench bench) {
        bench.needsPasids();
        bench.run(machine -> {
            machine.accelerator(options -> options.withPasids(new PasidRange(7, 7)));
            BoundProcess app = machine.bound("app");
            Accelerator narrow = machine.another(options -> options.withPasids(new PasidRange(1, 6)));

            assertRefused(SvaError.RANGE, () -> narrow.bind(app.mm()));

            assertEquals(List.of(), narrow.driver().bonds(), "the bonds of the device that refused");
            narrow.dma().mustNotReach(app.pasid(), PAGE);
            machine.dma().mustLoad(app.pasid(), PAGE, WORD);
        });
    }

    /**
     * Lets every allocation of the driver half fail in turn while a process is bound.
     *
     * <p>Invariants I5, I7. Source: "iommu: Undo pasid attachment only for the devices that have succeeded".
     *
     * <p>If this fails, check what the driver half undoes when memory runs out in the middle.
     */
    @Rule(
            value = "9.7",
            text =
                    "A bind for which memory runs out MUST be refused with NO_MEMORY, change nothing, and succeed when there is memory again.",
            invariants = {"I5", "I7"})
    default void bindWithoutMemoryChangesNothing(Bench bench) {
        bench.run(machine -> {
            Accelerator device = machine.accelerator();
            AddressSpace mm = machine.process("app");
            Machine.give(mm, PAGE, 1);
            for (int failing = 0; device.driver().bonds().isEmpty(); failing++) {
                long held = machine.tap().frames().held();
                machine.tap().frames().runDryAfter(failing);
                try {
                    device.bind(mm);
                } catch (SvaException refusal) {
                    assertEquals(SvaError.NO_MEMORY, refusal.error(), refusal::getMessage);
                    assertEquals(held, machine.tap().frames().held(), "bytes that the driver half holds");
                    assertEquals(List.of(), device.driver().bonds(), "the bonds");
                } finally {
                    machine.tap().frames().refill();
                }
            }

            SvaBond bond = device.driver().bonds().get(0);
            device.dma().mustStore(bond.pasid(), PAGE, 2);
            assertEquals(2, Machine.peek(mm, PAGE), "what the process sees");
        });
    }
}
