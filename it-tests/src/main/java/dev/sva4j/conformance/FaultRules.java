package dev.sva4j.conformance;

import static dev.sva4j.conformance.BoundProcess.PAGE;
import static dev.sva4j.conformance.BoundProcess.WORD;
import static dev.sva4j.conformance.Machine.LAZY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.api.Access;
import dev.sva4j.api.DmaOperation;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.Protection;
import dev.sva4j.spi.ResponseCode;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Chapter 6, faults: how a device gets memory that is not there yet, and what it is told when it cannot have it.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface FaultRules extends Subject {
    /**
     * Reads and writes pages that the process has mapped but never touched.
     *
     * <p>Invariants I15, I29. Source: Linux {@code drivers/iommu/io-pgfault.c}; "arm64: contpte: fix set_access_flags() no-op check for
     * SMMU/ATS faults".
     *
     * <p>If this fails, check that the answer reaches the device, and that a translation which was missing is not cached as missing.
     */
    @Rule(
            value = "6.1",
            text =
                    "An access to memory that is mapped but not resident MUST succeed, within a bounded number of retries.",
            invariants = {"I15", "I29"})
    default void faultBringsMemoryIn(Bench bench) {
        bench.needsRecoverableFaults();
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().map(LAZY, 3 * Machine.PAGE_SIZE, Protection.READ_WRITE);

            machine.dma().mustLoad(app.pasid(), LAZY, 0);
            machine.dma().mustStore(app.pasid(), LAZY, 1);
            machine.dma().mustStore(app.pasid(), LAZY + Machine.PAGE_SIZE, 2);

            assertEquals(1, Machine.peek(app.mm(), LAZY), "a page that was read first");
            assertEquals(2, Machine.peek(app.mm(), LAZY + Machine.PAGE_SIZE), "a page that was written first");
            assertFalse(app.mm().isResident(LAZY + 2 * Machine.PAGE_SIZE), "a page that nobody touched is resident");
        });
    }

    /**
     * Accesses what is mapped but not resident with a device that cannot wait for it.
     *
     * <p>Invariants I12, I15. Source: Linux {@code iommu_sva_bind_device} without IOPF.
     *
     * <p>If this fails, check that faults of a device without a means to recover end the access.
     */
    @Rule(
            value = "6.2",
            text =
                    "Without recoverable faults an access to memory that is not resident MUST be refused, and succeed once it is.",
            invariants = {"I12", "I15"})
    default void deviceWithoutFaultsIsRefused(Bench bench) {
        bench.needsNoRecoverableFaults();
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().map(LAZY, Machine.PAGE_SIZE, Protection.READ_WRITE);

            machine.dma().mustNotReach(app.pasid(), LAZY);

            app.mm().populate(LAZY, Machine.PAGE_SIZE, Access.WRITE);
            machine.dma().mustStore(app.pasid(), LAZY, 1);
            assertEquals(1, Machine.peek(app.mm(), LAZY), "what the process sees");
        });
    }

    /**
     * Accesses nothing at all, reserved memory, and writes to what may only be read.
     *
     * <p>Invariants I25, I26. Source: Linux {@code iommu_sva_handle_mm}; "iommu/vt-d: Use INVALID response code instead of FAILURE".
     *
     * <p>If this fails, check how the driver half decodes the rights that a request asks for.
     */
    @Rule(
            value = "6.3",
            text =
                    "A fault MUST NOT give a device anything that the process itself could not do, and the device MUST work on after it.",
            invariants = {"I25", "I26"})
    default void faultGrantsNothingBeyondTheMapping(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            long reserved = LAZY + 0x10_0000;
            long nothing = LAZY + 0x20_0000;
            app.mm().map(LAZY, Machine.PAGE_SIZE, Protection.READ);
            app.mm().populate(LAZY, Machine.PAGE_SIZE, Access.READ);
            app.mm().map(reserved, Machine.PAGE_SIZE, Protection.NONE);

            machine.dma().mustNotStore(app.pasid(), LAZY);
            machine.dma().mustNotReach(app.pasid(), reserved);
            machine.dma().mustNotReach(app.pasid(), nothing);

            machine.dma().mustLoad(app.pasid(), LAZY, 0);
            machine.dma().mustStore(app.pasid(), PAGE, 2);
            assertFalse(
                    machine.tap().link().responses().stream().anyMatch(each -> each.code() == ResponseCode.FAILURE),
                    "a user's error was answered FAILURE");
        });
    }

    /**
     * Accesses addresses that no process can have.
     *
     * <p>Invariants I12, I25. Source: Linux {@code intel/prq.c} (canonical addresses, privileged requests).
     *
     * <p>If this fails, check the address-size rules of the manual for the input range.
     */
    @Rule(
            value = "6.4",
            text =
                    "An access to an address outside the process's half of the address space MUST be refused, and the device MUST work on.",
            invariants = {"I12", "I25"})
    default void addressOutsideTheProcessIsRefused(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            long beyond = driver().processFormat().lowLast() + 1;
            long top = -Machine.PAGE_SIZE;

            machine.dma().mustNotReach(app.pasid(), beyond);
            machine.dma().mustNotReach(app.pasid(), beyond + PAGE);
            machine.dma().mustNotReach(app.pasid(), top);

            machine.dma().mustLoad(app.pasid(), PAGE, WORD);
        });
    }

    /**
     * Meets errors that a user program can cause at will.
     *
     * <p>Invariant I28. Source: Arm IHI 0070, CD.R; Intel VT-d, FPD.
     *
     * <p>If this fails, a program can flood the system log.
     */
    @Rule(
            value = "6.5",
            text = "While a PASID is bound, faults that its process can cause MUST NOT be reported.",
            invariants = "I28")
    default void userErrorIsNotReported(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().protect(PAGE, Machine.PAGE_SIZE, Protection.READ);

            machine.dma().mustNotReach(app.pasid(), LAZY);
            machine.dma().mustNotStore(app.pasid(), PAGE);
            machine.mustBeRefused(app.pasid(), LAZY);

            machine.awaitReports();
            assertEquals(0, machine.log().reportsOf(app.pasid()), "reports");
        });
    }

    /**
     * Sends a group of three requests, the last one last.
     *
     * <p>Invariant I23. Source: PCI Express Base Specification, "Page Request Group Response".
     *
     * <p>If this fails, count what the driver half delivers and what it is told to answer.
     */
    @Rule(
            value = "6.6",
            text = "A page-request group MUST be answered exactly once, after its last request.",
            invariants = "I23")
    default void groupIsAnsweredOnce(Bench bench) {
        bench.needsPageRequests();
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().map(LAZY, 3 * Machine.PAGE_SIZE, Protection.READ_WRITE);
            Probe probe = new Probe(machine);
            int open = probe.newGroup();
            int group = probe.newGroup();

            probe.requestPage(app.pasid(), LAZY, open, false);
            probe.requestPage(app.pasid(), LAZY, group, false);
            probe.requestPage(app.pasid(), LAZY + Machine.PAGE_SIZE, group, false);
            probe.requestPage(app.pasid(), LAZY + 2 * Machine.PAGE_SIZE, group, true);

            assertEquals(ResponseCode.SUCCESS, probe.responseTo(group), "the answer");
            assertTrue(
                    app.mm().isResident(LAZY + Machine.PAGE_SIZE), "the page of a request in the middle is resident");
            assertEquals(List.of(), probe.responsesTo(open), "answers to a group that is not closed");
            app.bond().unbind();
            assertEquals(List.of(ResponseCode.SUCCESS), probe.responsesTo(group), "answers to the group in the end");
        });
    }

    /**
     * Sends a stop marker among requests.
     *
     * <p>Invariant I23. Source: PCI Express Base Specification, "Stop Marker".
     *
     * <p>If this fails, check how the driver half decodes a request for nothing.
     */
    @Rule(
            value = "6.7",
            text = "A stop marker MUST NOT be answered, and requests after it MUST be.",
            invariants = "I23")
    default void stopMarkerIsNotAnswered(Bench bench) {
        bench.needsPageRequests();
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Probe probe = new Probe(machine);
            int marker = probe.newGroup();
            int group = probe.newGroup();

            probe.stop(app.pasid(), marker);
            probe.requestPage(app.pasid(), PAGE, group, true);

            assertEquals(ResponseCode.SUCCESS, probe.responseTo(group), "the answer to the request after it");
            app.bond().unbind();
            assertEquals(List.of(), probe.responsesTo(marker), "answers to the stop marker");
        });
    }

    /**
     * Sends a page request with a PASID that nothing is bound to.
     *
     * <p>Invariants I23, I24, I26. Source: Linux {@code iommu_report_device_fault}.
     *
     * <p>If this fails, a request was lost because nobody felt responsible, and the device waits for ever.
     */
    @Rule(
            value = "6.8",
            text = "A page request with a PASID that is not bound MUST be answered INVALID, once.",
            invariants = {"I23", "I24", "I26"})
    default void strayPageRequestIsInvalid(Bench bench) {
        bench.needsPasids();
        bench.needsPageRequests();
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Probe probe = new Probe(machine);
            int group = probe.newGroup();

            probe.requestPage(machine.accelerator().strayPasid(), PAGE, group, true);

            assertEquals(ResponseCode.INVALID, probe.responseTo(group), "the answer");
            machine.dma().mustLoad(app.pasid(), PAGE, WORD);
            app.bond().unbind();
            assertEquals(1, probe.responsesTo(group).size(), "answers in the end");
        });
    }

    /**
     * Sends a group whose first request is for nothing that is mapped, beside one that is all right.
     *
     * <p>Invariant I26. Source: Linux {@code drivers/iommu/io-pgfault.c}.
     *
     * <p>If this fails, check that a group is told apart by its index, and that its answer is the worst of its requests.
     */
    @Rule(
            value = "6.9",
            text = "An error MUST decide the answer of its whole group, and of no other group.",
            invariants = "I26")
    default void errorStaysInItsGroup(Bench bench) {
        bench.needsPageRequests();
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Probe probe = new Probe(machine);
            int bad = probe.newGroup();
            int good = probe.newGroup();

            probe.requestPage(app.pasid(), LAZY, bad, false);
            probe.requestPage(app.pasid(), PAGE, good, false);
            probe.requestPage(app.pasid(), PAGE, bad, true);
            probe.requestPage(app.pasid(), PAGE, good, true);

            assertEquals(ResponseCode.INVALID, probe.responseTo(bad), "the answer to the group with the error");
            assertEquals(ResponseCode.SUCCESS, probe.responseTo(good), "the answer to the other group");
            app.bond().unbind();
            assertEquals(1, probe.responsesTo(bad).size(), "answers to the group with the error in the end");
            assertEquals(1, probe.responsesTo(good).size(), "answers to the other group in the end");
        });
    }

    /**
     * Lets a device fault while there is no memory.
     *
     * <p>Invariants I26, I30. Source: Linux {@code drivers/iommu/io-pgfault.c}.
     *
     * <p>If this fails, check that a fault which cannot be served is answered all the same, and not with FAILURE.
     */
    @Rule(
            value = "6.10",
            text =
                    "A fault for which there is no memory MUST be refused, and the same access MUST succeed when there is memory again.",
            invariants = {"I26", "I30"})
    default void faultWithoutMemoryIsRefused(Bench bench) {
        bench.needsRecoverableFaults();
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().map(LAZY, Machine.PAGE_SIZE, Protection.READ_WRITE);
            Hog hog = machine.hog();

            machine.dma().mustNotStore(app.pasid(), LAZY);

            hog.assertIntact();
            hog.release();
            machine.dma().mustStore(app.pasid(), LAZY, 1);
            assertEquals(1, Machine.peek(app.mm(), LAZY), "what the process sees");
        });
    }

    /**
     * Lets a process die while a fault of its device is on the way.
     *
     * <p>Invariants I25, I30. Source: Arm IHI 0070, stall model; Linux {@code arm_smmu_mm_release} (stall is turned off).
     *
     * <p>If this fails, a stalled transaction or a page request was forgotten when the entry went silent.
     */
    @Rule(
            value = "6.11",
            text = "A fault MUST be answered in finite time when its process dies meanwhile.",
            invariants = {"I25", "I30"})
    default void faultRacingExitIsAnswered(Bench bench) {
        bench.needsRecoverableFaults();
        bench.race(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().map(LAZY, Machine.PAGE_SIZE, Protection.READ_WRITE);

            DmaOperation fault = machine.dma().storing(app.pasid(), LAZY, 1);
            app.mm().exit();

            DmaStatus status = machine.dma().end(fault);
            assertTrue(
                    status == DmaStatus.OK || Refusals.ACCESS.contains(status),
                    () -> "the access that faulted: " + status);
            machine.dma().mustNotReach(app.pasid(), LAZY);
        });
    }

    /**
     * Unbinds while a fault is on the way, against the driver's duty to stop the device first.
     *
     * <p>Invariants I22, I23, I30. Source: Linux {@code iopf_queue_flush_dev}, {@code intel_iommu_drain_pasid_prq}; "iommu/amd/iommu_v2:
     * Fix pasid_state refcount dec hit 0 warning".
     *
     * <p>If this fails, check that draining hands over everything that the hardware has queued before it returns.
     */
    @Rule(
            value = "6.12",
            text = "When unbind has returned, every fault of the bond MUST have been answered, and none MUST be "
                    + "handled later.",
            invariants = {"I22", "I23", "I30"})
    default void unbindDrainsFaults(Bench bench) {
        bench.needsRecoverableFaults();
        bench.race(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().map(LAZY, Machine.PAGE_SIZE, Protection.READ_WRITE);

            DmaOperation fault = machine.dma().storing(app.pasid(), LAZY, 1);
            app.bond().unbind();
            boolean resident = app.mm().isResident(LAZY);

            machine.dma().end(fault);
            machine.dma().mustNotReach(app.pasid(), LAZY);
            assertEquals(resident, app.mm().isResident(LAZY), "whether the page is resident, at unbind and later");
        });
    }

    /**
     * Unmaps the memory that a device is just faulting in.
     *
     * <p>Invariants I15, I25. Source: Linux {@code iommu_sva_handle_mm} (mmap lock).
     *
     * <p>If this fails, a page was filled in after its mapping had gone.
     */
    @Rule(
            value = "6.13",
            text = "A fault at the same time as munmap MUST end before it, or be refused.",
            invariants = {"I15", "I25"})
    default void faultRacingUnmapLeavesNothing(Bench bench) {
        bench.needsRecoverableFaults();
        bench.race(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().map(LAZY, Machine.PAGE_SIZE, Protection.READ_WRITE);

            DmaOperation fault = machine.dma().storing(app.pasid(), LAZY, 1);
            app.mm().unmap(LAZY, Machine.PAGE_SIZE);
            machine.dma().mustNotReach(app.pasid(), LAZY);

            machine.dma().end(fault);
            assertFalse(app.mm().isResident(LAZY), "unmapped memory is resident");
            machine.dma().mustNotReach(app.pasid(), LAZY);
        });
    }
}
