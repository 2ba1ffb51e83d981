package dev.sva4j.conformance;

import static dev.sva4j.conformance.BoundProcess.PAGE;
import static dev.sva4j.conformance.BoundProcess.WORD;
import static dev.sva4j.conformance.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.BondState;
import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.IoDomain;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaError;
import org.apiguardian.api.API;

/**
 * Chapter 1, identity: which number stands for which process, and for how long.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface IdentityRules extends Subject {
    /**
     * Binds one process to two devices and reads through both.
     *
     * <p>Invariant I6. Source: Linux {@code drivers/iommu/iommu-sva.c}; "iommu/sva: Fix SVA handle sharing in multi device case".
     *
     * <p>If this fails, check that the entry of one device is not written with state of the other: the second bind must leave the first
     * device's tables and cache tags alone.
     */
    @Rule(
            value = "1.1",
            text = "All devices bound to a process MUST reach it with the same PASID, and each bond MUST leave the "
                    + "other as it is.",
            invariants = "I6")
    default void processHasOnePasid(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Accelerator other = machine.another();

            SvaBond second = other.bind(app.mm());

            assertEquals(app.pasid(), second.pasid(), "the PASID on the second device");
            other.dma().mustLoad(second.pasid(), PAGE, WORD);
            second.unbind();
            machine.dma().mustLoad(app.pasid(), PAGE, WORD);
        });
    }

    /**
     * Binds the same pair twice and takes the binds back one by one.
     *
     * <p>Invariant I6. Source: Linux {@code iommu_sva_bind_device}, reference count of the handle.
     *
     * <p>If this fails, check that clearing an entry happens with the last unbind only, and that it happens then.
     */
    @Rule(
            value = "1.2",
            text =
                    "Binding a pair again MUST give the same bond, which MUST end with as many unbinds as there were binds.",
            invariants = "I6")
    default void secondBindGivesTheSameBond(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");

            SvaBond again = machine.accelerator().bind(app.mm());

            assertSame(app.bond(), again, "the bond");
            again.unbind();
            assertEquals(BondState.BOUND, app.bond().state(), "after one of two unbinds");
            machine.dma().mustLoad(app.pasid(), PAGE, WORD);
            again.unbind();
            assertEquals(BondState.NONE, app.bond().state(), "after both unbinds");
            machine.dma().mustNotReach(app.pasid(), PAGE);
        });
    }

    /**
     * Asks for ranges at both ends of what the device can carry.
     *
     * <p>Invariant I5. Source: Linux {@code include/linux/iommu.h} (IOMMU_NO_PASID, IOMMU_FIRST_GLOBAL_PASID).
     *
     * <p>If this fails, check the width that the driver half reports against the tables that it builds: the last number needs a place too.
     */
    @Rule(
            value = "1.3",
            text = "Every PASID of the range that a device announces MUST work, and 0 MUST NOT be in it.",
            invariants = "I5")
    default void everyPasidOfTheRangeWorks(Bench bench) {
        bench.needsPasids();
        PasidRange[] whole = new PasidRange[1];
        bench.run(machine -> whole[0] = machine.accelerator().driver().pasids());
        assertTrue(whole[0].min() >= 1, () -> "the range begins at " + whole[0].min());
        for (int number : new int[] {whole[0].min(), whole[0].max()}) {
            bench.run(machine -> {
                machine.accelerator(options -> options.withPasids(new PasidRange(number, number)));

                BoundProcess app = machine.bound("app");

                assertEquals(number, app.pasid(), "the only PASID of the range");
            });
        }
    }

    /**
     * Lets a process die while its bond stays, and asks for its number.
     *
     * <p>Invariants I2, I38. Source: "mm: Fix PASID use-after-free issue"; the 2018 discussion of {@code mm_exit}.
     *
     * <p>If this fails, check that quiescing does not tell core that the number is free.
     */
    @Rule(
            value = "1.4",
            text =
                    "The PASID of a process MUST NOT be given to another one before its last bond has ended, and MUST be free then.",
            invariants = {"I2", "I38"})
    default void pasidStaysTakenWhileBound(Bench bench) {
        bench.needsPasids();
        // Of one number, so that whoever wants one has to get this one.
        PasidRange one = new PasidRange(5, 5);
        bench.run(machine -> {
            machine.accelerator(options -> options.withPasids(one));
            BoundProcess dead = machine.bound("dead");
            AddressSpace next = machine.process("next");
            dead.mm().close();

            assertRefused(SvaError.NO_SPACE, () -> machine.accelerator().bind(next));

            dead.bond().unbind();
            assertEquals(one.min(), machine.accelerator().bind(next).pasid(), "the number, once it is free");
        });
    }

    /**
     * Gives one number (or, without PASIDs, the device) to one process after the other, all with different memory at the same address.
     *
     * <p>Invariants I1, I3. Source: "iommu/amd: Fix argument order in amd_iommu_dev_flush_pasid_all()"; "drm/amdgpu: prevent immediate
     * PASID reuse case".
     *
     * <p>If this fails, check that clearing an entry removes it from the configuration caches and its translations from the IOTLB and the
     * ATC, by the PASID and tag that the entry had.
     */
    @Rule(
            value = "1.5",
            text = "A PASID that is used again MUST lead to the new process only.",
            invariants = {"I1", "I3"})
    default void reusedPasidLeadsToTheNewProcess(Bench bench) {
        PasidRange one = new PasidRange(5, 5);
        bench.run(machine -> {
            Accelerator device = machine.accelerator(options -> options.withPasids(one));
            for (long generation = 1; generation <= 8; generation++) {
                AddressSpace mm = machine.process("generation " + generation);
                Machine.give(mm, PAGE, 1);
                Machine.poke(mm, PAGE, generation);

                SvaBond bond = device.bind(mm);

                device.dma().mustLoad(bond.pasid(), PAGE, generation);
                device.dma().mustStore(bond.pasid(), PAGE, -generation);
                assertEquals(-generation, Machine.peek(mm, PAGE), "what the process sees");
                bond.unbind();
                mm.close();
            }
        });
    }

    /**
     * Lets a device work for two processes whose memory is at the same address.
     *
     * <p>Invariant I4. Source: "iommu/amd: Introduce per-device domain ID to fix potential TLB aliasing issue".
     *
     * <p>If this fails, check that two contexts which are open at the same time never get the same cache tag.
     */
    @Rule(
            value = "1.6",
            text = "Processes that a device is bound to at the same time MUST be kept apart.",
            invariants = "I4")
    default void processesAreKeptApart(Bench bench) {
        bench.needsPasids();
        bench.run(machine -> {
            BoundProcess one = machine.bound("one");
            BoundProcess two = machine.bound("two");

            machine.dma().mustStore(one.pasid(), PAGE, 1);
            machine.dma().mustStore(two.pasid(), PAGE, 2);

            assertNotEquals(one.pasid(), two.pasid(), "the PASIDs");
            assertEquals(1, Machine.peek(one.mm(), PAGE), "what the first process sees");
            assertEquals(2, Machine.peek(two.mm(), PAGE), "what the second process sees");
            one.mm().unmap(PAGE, Machine.PAGE_SIZE);
            machine.dma().mustNotReach(one.pasid(), PAGE);
            machine.dma().mustLoad(two.pasid(), PAGE, 2);
        });
    }

    /**
     * Forks a bound process and lets the device go on.
     *
     * <p>Invariant I8. Source: "x86/fpu: Clear PASID when copying fpstate"; Linux {@code Documentation/arch/x86/sva.rst}.
     *
     * <p>If this fails, check that nothing of the parent's entry is found through the child.
     */
    @Rule(
            value = "1.7",
            text =
                    "The child of a fork MUST NOT inherit a PASID: what the device does with the parent's MUST NOT reach the child.",
            invariants = "I8")
    default void childHasNoPasid(Bench bench) {
        bench.run(machine -> {
            BoundProcess parent = machine.bound("parent");
            int before = machine.system().pasids().allocated();

            AddressSpace child = machine.adopt(parent.mm().fork("child"));

            assertEquals(before, machine.system().pasids().allocated(), "PASIDs in use");
            Machine.poke(parent.mm(), PAGE, 2);
            machine.dma().mustStore(parent.pasid(), PAGE, 3);
            assertEquals(WORD, Machine.peek(child, PAGE), "what the child sees");
            if (bench.hasPasids()) {
                assertNotEquals(
                        parent.pasid(), machine.accelerator().bind(child).pasid(), "the PASID of the child");
            }
        });
    }

    /**
     * Replaces the program of a bound process.
     *
     * <p>Invariants I8, I20. Source: Linux {@code Documentation/arch/x86/sva.rst}.
     *
     * <p>If this fails, check that the entry is quiesced and not moved to the new tables.
     */
    @Rule(
            value = "1.8",
            text =
                    "After exec the old PASID MUST NOT lead anywhere, and the new program MUST NOT have a PASID until it is bound.",
            invariants = {"I8", "I20"})
    default void execLeavesThePasidBehind(Bench bench) {
        bench.run(machine -> {
            BoundProcess old = machine.bound("old");

            AddressSpace fresh = machine.adopt(old.mm().exec("fresh"));
            Machine.give(fresh, PAGE, 1);

            assertEquals(BondState.QUIESCED, old.bond().state(), "the bond of the old program");
            machine.dma().mustNotReach(old.pasid(), PAGE);
            assertEquals(0, Machine.peek(fresh, PAGE), "what the new program sees");
            if (bench.hasPasids()) {
                assertNotEquals(old.pasid(), machine.accelerator().bind(fresh).pasid(), "the PASID of the new program");
            }
        });
    }

    /**
     * Counts the numbers in use from before the first bind until after the last process.
     *
     * <p>Invariant I5. Source: "iommu/vt-d: Fix PASID leak in intel_svm_unbind_mm()".
     *
     * <p>If this fails, check that a refused or ended bind leaves no context open.
     */
    @Rule(
            value = "1.9",
            text = "When the last bond and the last reference to a process are gone, its PASID MUST be free again.",
            invariants = "I5")
    default void everyPasidComesBack(Bench bench) {
        bench.needsPasids();
        bench.run(machine -> {
            BoundProcess clean = machine.bound("clean");
            BoundProcess killed = machine.bound("killed");
            killed.mm().exit();

            clean.bond().unbind();
            clean.mm().close();
            killed.bond().unbind();
            killed.mm().close();

            assertEquals(0, machine.system().pasids().allocated(), "PASIDs in use");
        });
    }

    /**
     * Opens an address space of the driver's own beside a process.
     *
     * <p>Invariants I1, I5. Source: Requirements of the GPU side in the 2018 discussion; Linux {@code iommu_attach_device_pasid}.
     *
     * <p>If this fails, check that contexts of a private PASID and of a process differ in nothing but their owner.
     */
    @Rule(
            value = "1.10",
            text =
                    "A private PASID MUST NOT be that of a process; it MUST translate through its own address space, and lead nowhere "
                            + "after that has been closed.",
            invariants = {"I1", "I5"})
    default void privatePasidIsNoProcess(Bench bench) {
        bench.needsPasids();
        bench.run(machine -> {
            Accelerator device = machine.acceleratorWith(DeviceFeature.PRIVATE_PASID);
            BoundProcess app = machine.bound("app");
            long frame = machine.frame(77);

            IoDomain domain = device.driver().openPrivateDomain("private");
            int pasid = domain.pasid();
            domain.map(PAGE, frame, Machine.PAGE_SIZE, Protection.READ_WRITE);

            assertNotEquals(app.pasid(), pasid, "the private PASID");
            device.dma().mustLoad(pasid, PAGE, 77);
            device.dma().mustLoad(app.pasid(), PAGE, WORD);
            domain.close();
            device.dma().mustNotReach(pasid, PAGE);
            machine.freeFrame(frame);
        });
    }
}
