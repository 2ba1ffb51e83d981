package dev.sva4j.conformance;

import static dev.sva4j.conformance.BoundProcess.PAGE;
import static dev.sva4j.conformance.BoundProcess.WORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.FaultRecord;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.api.TraceEvent;
import dev.sva4j.spi.IommuInspector.EntryState;
import dev.sva4j.spi.TransactionKind;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apiguardian.api.API;

/**
 * Chapter 4, binding and unbinding: what a device may reach before, between and after.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface BindRules extends Subject {
    /**
     * Does DMA of both kinds with a device that no driver has initialised.
     *
     * <p>Invariant I1. Source: Linux {@code include/linux/iommu.h} (blocking domain).
     *
     * <p>If this fails, check that a device is blocked from the moment it is attached, and unknown devices always.
     */
    @Rule(
            value = "4.1",
            text = "Before initialisation, accesses of a device MUST NOT reach memory, with or without a PASID.",
            invariants = "I1")
    default void deviceStartsBlocked(Bench bench) {
        bench.run(machine -> {
            AddressSpace mm = machine.process("app");
            Machine.give(mm, PAGE, 1);
            Hog hog = machine.hog();
            Channel dma =
                    new Channel(machine.system().endpoint(bench.spec().name()).openPort());

            if (bench.hasPasids()) {
                dma.mustNotReach(1, PAGE);
            }
            if (hardware().carries().contains(TransactionKind.UNTAGGED)) {
                for (long address = 0; address < 2 * Machine.MEMORY; address += 64 * Machine.PAGE_SIZE) {
                    dma.mustNotReach(DmaPort.NO_PASID, address);
                }
            }

            hog.assertIntact();
        });
    }

    /**
     * Unbinds, then accesses what the device could reach before.
     *
     * <p>Invariant I1. Source: Linux {@code iommu_sva_unbind_device}.
     *
     * <p>If this fails, check that clearing an entry is followed by the invalidation of configuration cache, IOTLB and ATC, in this order.
     */
    @Rule(
            value = "4.2",
            text = "When unbind has returned, accesses of the device with that PASID MUST NOT reach memory.",
            invariants = "I1")
    default void unbindEndsAllAccess(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");

            app.bond().unbind();

            machine.dma().mustNotReach(app.pasid(), PAGE);
            assertEquals(WORD, Machine.peek(app.mm(), PAGE), "what the process sees");
        });
    }

    /**
     * Binds, unbinds and binds again.
     *
     * <p>Invariant I36. Source: "iommu/vt-d: Only handle IOPF for SVA when PRI is supported"; "iommu/vt-d: Unconditionally flush device
     * TLB for pasid table updates".
     *
     * <p>If this fails, check that not-present entries which caches may hold are invalidated when an entry becomes valid.
     */
    @Rule(
            value = "4.3",
            text = "A process that was unbound MUST be bound again as if it had never been.",
            invariants = "I36")
    default void bindingAgainWorks(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            for (int round = 0; round < 3; round++) {
                app.mm().unmap(PAGE, Machine.PAGE_SIZE);
                machine.accelerator().unbindAll();
                machine.dma().mustNotReach(app.pasid(), PAGE);
                Machine.give(app.mm(), PAGE, 1);

                SvaBond bond = machine.accelerator().bind(app.mm());

                machine.dma().mustStore(bond.pasid(), PAGE, round);
                assertEquals(round, Machine.peek(app.mm(), PAGE), "what the process sees");
            }
        });
    }

    /**
     * Accesses memory with a PASID that nothing is bound to.
     *
     * <p>Invariant I28. Source: State machine of the life of a bond in the specification, NONE.
     *
     * <p>If this fails, check that the hardware half writes a record for an empty entry, and what the driver half decodes from it.
     */
    @Rule(
            value = "4.4",
            text = "An access with a PASID that is not bound MUST be refused and reported, with device and PASID.",
            invariants = "I28")
    default void strayAccessIsReported(Bench bench) {
        bench.needsPasids();
        bench.run(machine -> {
            int stray = machine.accelerator().strayPasid();

            machine.dma().mustNotReach(stray, PAGE);
            machine.mustBeReported(stray);

            List<FaultRecord> reports = machine.log().reports();
            assertTrue(
                    reports.stream()
                            .allMatch(each -> each.requester() == bench.spec().requester() && each.pasid() == stray),
                    () -> "every report names the device and PASID " + stray + ": " + reports);
        });
    }

    /**
     * Unbinds one of two devices of a process.
     *
     * <p>Invariants I6, I14. Source: "iommu/amd: Invalidate cache before removing device from domain list".
     *
     * <p>If this fails, check that the list of devices which an invalidation has to reach is kept per device.
     */
    @Rule(
            value = "4.5",
            text =
                    "Unbinding one device MUST NOT change what another device of the process can do, and later changes MUST reach that one.",
            invariants = {"I6", "I14"})
    default void unbindLeavesTheOtherDevice(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Accelerator other = machine.another();
            other.bind(app.mm());
            other.dma().mustLoad(app.pasid(), PAGE, WORD);

            app.bond().unbind();

            machine.dma().mustNotReach(app.pasid(), PAGE);
            other.dma().mustStore(app.pasid(), PAGE, 2);
            app.mm().unmap(PAGE, Machine.PAGE_SIZE);
            other.dma().mustNotReach(app.pasid(), PAGE);
        });
    }

    /**
     * Watches registers, stores and device messages while a bond ends.
     *
     * <p>Invariants I17, I21. Source: Linux {@code intel_pasid_tear_down_entry}, {@code arm_smmu_write_ctx_desc}.
     *
     * <p>If this fails, caches were told before the entry was empty, so they may have been filled from it again.
     */
    @Rule(
            value = "4.6",
            text = "Unbind MUST empty the entry before it sends an invalidation, and an ATC MUST be told.",
            invariants = {"I17", "I21"})
    default void unbindEmptiesBeforeItInvalidates(Bench bench) {
        bench.needsAts();
        Recorder recorder = new Recorder();
        bench.run(builder -> builder.trace(recorder), machine -> {
            BoundProcess app = machine.bound("app");
            Decoder decoder = Decoder.of(machine, this);
            AtomicLong emptied = new AtomicLong(Long.MAX_VALUE);

            List<TraceEvent> trace = recorder.during(app.bond()::unbind, event -> {
                if (event.kind() == TraceEvent.Kind.DRIVER_STORE && decoder.state(app.pasid()) == EntryState.EMPTY) {
                    emptied.accumulateAndGet(event.sequence(), Math::min);
                }
            });

            List<Long> told = trace.stream()
                    .filter(event -> event.kind() == TraceEvent.Kind.ATC_INVALIDATE)
                    .map(TraceEvent::sequence)
                    .toList();
            assertFalse(told.isEmpty(), () -> "the ATC was told; instead: " + trace);
            assertTrue(told.get(0) > emptied.get(), () -> "the ATC was told after the entry was empty: " + trace);
        });
    }

    /**
     * Ends a bond once from BOUND and once after exit.
     *
     * <p>Invariants I21, I28. Source: State machine of the life of a bond in the specification.
     *
     * <p>If this fails, check that clearing a quiesced entry makes it as empty as clearing a live one.
     */
    @Rule(
            value = "4.7",
            text =
                    "Unbind MUST end in the same state whether the process was alive or not: refused, and reported again.",
            invariants = {"I21", "I28"})
    default void unbindEndsAlikeDeadOrAlive(Bench bench) {
        bench.run(machine -> {
            for (boolean alive : new boolean[] {true, false}) {
                BoundProcess app = machine.bound(alive ? "alive" : "dead");
                if (!alive) {
                    app.mm().exit();
                }

                app.bond().unbind();

                assertEquals(BondState.NONE, app.bond().state(), "the bond");
                machine.dma().mustNotReach(app.pasid(), PAGE);
                machine.mustBeUnbound(app.pasid());
            }
        });
    }

    /**
     * Lets device and process go at the same time, in every order.
     *
     * <p>Invariants I21, I35. Source: The 2018 patches, {@code io_mm} reference counting.
     *
     * <p>If this fails, an entry was cleared twice, or quiesced after it had been cleared.
     */
    @Rule(
            value = "4.8",
            text = "Exit and unbind at the same time MUST end like one after the other.",
            invariants = {"I21", "I35"})
    default void exitRacingUnbindEndsClean(Bench bench) {
        bench.race(machine -> {
            BoundProcess app = machine.bound("app");

            Job exit = machine.start("exit", app.mm()::exit);
            Job unbind = machine.start("unbind", app.bond()::unbind);
            exit.join();
            unbind.join();

            assertEquals(BondState.NONE, app.bond().state(), "the bond");
            machine.dma().mustNotReach(app.pasid(), PAGE);
            machine.mustBeUnbound(app.pasid());
        });
    }

    /**
     * Binds a process while it dies.
     *
     * <p>Invariants I19, I35. Source: Linux {@code arm_smmu_sva_set_dev_pasid} (users reference while installing).
     *
     * <p>If this fails, the entry was written after exit had looked for entries to quiesce.
     */
    @Rule(
            value = "4.9",
            text = "Exit and bind at the same time MUST end with no bond or a quiesced one, never with a live entry.",
            invariants = {"I19", "I35"})
    default void exitRacingBindEndsClean(Bench bench) {
        bench.race(machine -> {
            Accelerator device = machine.accelerator();
            AddressSpace mm = machine.process("app");
            Machine.give(mm, PAGE, 1);

            Job exit = machine.start("exit", mm::exit);
            Job bind = machine.start("bind", () -> {
                try {
                    device.bind(mm);
                } catch (SvaException refusal) {
                    assertEquals(SvaError.STALE, refusal.error(), refusal::getMessage);
                }
            });
            exit.join();
            bind.join();

            for (SvaBond bond : device.driver().bonds()) {
                assertEquals(BondState.QUIESCED, bond.state(), "the bond");
                device.dma().mustNotReach(bond.pasid(), PAGE);
            }
            assertTrue(mm.awaitReclaimed(Machine.PATIENCE), "the memory of the process is given back");
        });
    }

    /**
     * Unbinds one of two processes of a device, and goes on with the other, also at memory that is not there yet.
     *
     * <p>Invariant I36. Source: "iommu/vt-d: Only handle IOPF for SVA when PRI is supported", and its follow-up.
     *
     * <p>If this fails, unbind took something from the whole device that bind had not given to it.
     */
    @Rule(
            value = "4.10",
            text = "Unbinding one process MUST leave to another one of the device all that it had, faults included.",
            invariants = "I36")
    default void unbindLeavesTheOtherProcess(Bench bench) {
        bench.needsPasids();
        bench.run(machine -> {
            BoundProcess one = machine.bound("one");
            BoundProcess two = machine.bound("two");
            two.mm().map(Machine.LAZY, Machine.PAGE_SIZE, Protection.READ_WRITE);

            one.bond().unbind();

            machine.dma().mustStore(two.pasid(), PAGE, 2);
            if (bench.spec().hasRecoverableFaults()) {
                machine.dma().mustStore(two.pasid(), Machine.LAZY, 3);
            }
        });
    }
}
