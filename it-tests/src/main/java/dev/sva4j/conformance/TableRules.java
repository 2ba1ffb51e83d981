package dev.sva4j.conformance;

import static dev.sva4j.conformance.BoundProcess.PAGE;
import static dev.sva4j.conformance.BoundProcess.WORD;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DmaPort;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.Protection;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.pagetable.Attributes;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Rights;
import java.util.Random;
import org.apiguardian.api.API;

/**
 * Chapter 3, tables and caches: the device sees the memory of the process, with its rights, as it is now.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface TableRules extends Subject {
    /**
     * Moves a few pages of random bytes in both directions, from and to an address that is not aligned.
     *
     * <p>Invariant I12. Source: Linux {@code Documentation/arch/x86/sva.rst}.
     *
     * <p>If this fails, check how the hardware half cuts a request at page boundaries.
     */
    @Rule(
            value = "3.1",
            text = "Whatever the device reads or writes MUST be what the process sees at the same address.",
            invariants = "I12")
    default void deviceSeesTheMemoryOfTheProcess(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            long at = PAGE + 0x10_0000 + 123;
            Machine.give(app.mm(), PAGE + 0x10_0000, 4);
            byte[] sent = new byte[3 * AddressSpace.PAGE_SIZE];
            new Random(1).nextBytes(sent);
            byte[] received = new byte[sent.length];
            DmaPort port = machine.accelerator().model().openPort();

            app.mm().write(at, sent, 0, sent.length);
            assertEquals(DmaStatus.OK, port.read(app.pasid(), at, received, 0, received.length), "the read");
            assertArrayEquals(sent, received, "what the device read");

            new Random(2).nextBytes(sent);
            assertEquals(DmaStatus.OK, port.write(app.pasid(), at, sent, 0, sent.length), "the write");
            app.mm().read(at, received, 0, received.length);
            assertArrayEquals(sent, received, "what the device wrote");
        });
    }

    /**
     * Adds to and exchanges a word.
     *
     * <p>Invariant I12. Source: PCI Express Base Specification, "AtomicOps".
     *
     * <p>If this fails, check that the old value is returned, and that a comparison which fails stores nothing.
     */
    @Rule(
            value = "3.2",
            text = "Atomic operations MUST act on the memory of the process in one step and return its old value.",
            invariants = "I12")
    default void atomicsActOnTheMemoryOfTheProcess(Bench bench) {
        bench.needs(TransactionKind.ATOMIC);
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            DmaPort port = machine.accelerator().model().openPort();

            assertEquals(DmaStatus.OK, port.fetchAdd(app.pasid(), PAGE, 5), "the addition");
            assertEquals(WORD, port.lastResult(), "its old value");
            assertEquals(DmaStatus.OK, port.compareAndSwap(app.pasid(), PAGE, WORD, 1), "a comparison that fails");
            assertEquals(WORD + 5, Machine.peek(app.mm(), PAGE), "after the comparison that failed");
            assertEquals(DmaStatus.OK, port.compareAndSwap(app.pasid(), PAGE, WORD + 5, 1), "a comparison that holds");
            assertEquals(1, Machine.peek(app.mm(), PAGE), "after the comparison that held");
        });
    }

    /**
     * Reads and writes pages of every protection.
     *
     * <p>Invariant I12. Source: Linux {@code iommu_sva_handle_mm} (rights of the VMA).
     *
     * <p>If this fails, check how rights of upper levels and leaves are combined, and that a request without the privileged flag counts as
     * the user's.
     */
    @Rule(
            value = "3.3",
            text = "The device MUST have the rights of the process on every page, and no more.",
            invariants = "I12")
    default void rightsAreThoseOfTheProcess(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            long next = PAGE;
            for (Protection protection : Protection.values()) {
                next += 0x10_0000L;
                long at = next;
                Machine.give(app.mm(), at, 1);
                Machine.poke(app.mm(), at, 9);
                app.mm().protect(at, Machine.PAGE_SIZE, protection);

                if (protection.allows(Access.READ)) {
                    machine.dma().mustLoad(app.pasid(), at, 9);
                } else {
                    machine.dma().mustNotLoad(app.pasid(), at);
                }
                if (protection.allows(Access.WRITE)) {
                    machine.dma().mustStore(app.pasid(), at, 9);
                } else {
                    machine.dma().mustNotStore(app.pasid(), at);
                }
                app.mm().protect(at, Machine.PAGE_SIZE, Protection.READ);
                assertEquals(9, Machine.peek(app.mm(), at), () -> "the page that was " + protection);
            }
        });
    }

    /**
     * Unmaps a page that the device has used.
     *
     * <p>Invariant I15. Source: Linux {@code include/linux/mmu_notifier.h}; "iommu/vt-d: Remove caching mode check before device TLB
     * flush".
     *
     * <p>If this fails, check that an invalidation reaches the IOTLB and then the ATC, and that it is complete when the call returns.
     */
    @Rule(
            value = "3.4",
            text = "When munmap has returned, the device MUST NOT reach the range any more.",
            invariants = "I15")
    default void unmapHoldsOnReturn(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");

            app.mm().unmap(PAGE, Machine.PAGE_SIZE);

            machine.dma().mustNotReach(app.pasid(), PAGE);
        });
    }

    /**
     * Takes the right to write away from a page that the device has written.
     *
     * <p>Invariant I15. Source: Linux {@code include/linux/mmu_notifier.h}.
     *
     * <p>If this fails, check that taking away a right is invalidated like taking away the page.
     */
    @Rule(
            value = "3.5",
            text =
                    "When mprotect has returned, the device MUST NOT use a right that was taken away, and MUST keep those that were not.",
            invariants = "I15")
    default void protectHoldsOnReturn(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");

            app.mm().protect(PAGE, Machine.PAGE_SIZE, Protection.READ);

            machine.dma().mustNotStore(app.pasid(), PAGE);
            machine.dma().mustLoad(app.pasid(), PAGE, WORD);
        });
    }

    /**
     * Gives the right to write to a page that the device has only read.
     *
     * <p>Invariants I15, I29. Source: "mmu_notifiers: call invalidate_range() when invalidating TLBs".
     *
     * <p>If this fails, check that an upgrade is invalidated too: a cached entry without the right is as stale as one with it.
     */
    @Rule(
            value = "3.6",
            text = "When a right was granted by mprotect, the device MUST be able to use it.",
            invariants = {"I15", "I29"})
    default void grantedRightIsVisible(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            app.mm().protect(PAGE, Machine.PAGE_SIZE, Protection.READ);
            machine.dma().mustLoad(app.pasid(), PAGE, WORD);
            machine.dma().mustNotStore(app.pasid(), PAGE);

            app.mm().protect(PAGE, Machine.PAGE_SIZE, Protection.READ_WRITE);
            app.mm().populate(PAGE, Machine.PAGE_SIZE, Access.WRITE);

            machine.dma().mustStore(app.pasid(), PAGE, 2);
            assertEquals(2, Machine.peek(app.mm(), PAGE), "what the process sees");
        });
    }

    /**
     * Throws the contents of a page away and lets the process write to it again.
     *
     * <p>Invariant I15. Source: Linux {@code include/linux/mmu_notifier.h}.
     *
     * <p>If this fails, the device still writes to the frame that the page had before.
     */
    @Rule(
            value = "3.7",
            text = "When contents were discarded, the device MUST NOT reach the frame that held them.",
            invariants = "I15")
    default void discardHoldsOnReturn(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");

            app.mm().discard(PAGE, Machine.PAGE_SIZE);
            // Somebody has to take the frame over, or the process gets the same one back.
            Machine.give(machine.process("heir"), PAGE, 4);
            app.mm().populate(PAGE, Machine.PAGE_SIZE, Access.WRITE);

            machine.dma().mustLoad(app.pasid(), PAGE, 0);
            machine.dma().mustStore(app.pasid(), PAGE, 2);
            assertEquals(2, Machine.peek(app.mm(), PAGE), "what the process sees");
        });
    }

    /**
     * Forks, and writes as the device before the process has.
     *
     * <p>Invariants I8, I15. Source: Linux {@code mm/memory.c} (copy-on-write at fork).
     *
     * <p>If this fails, the device has kept its right to write to what parent and child share now.
     */
    @Rule(
            value = "3.8",
            text = "When fork has returned, a write of the device MUST NOT change a page that parent and child share.",
            invariants = {"I8", "I15"})
    default void forkTakesTheRightToWrite(Bench bench) {
        bench.run(machine -> {
            BoundProcess parent = machine.bound("parent");

            AddressSpace child = machine.adopt(parent.mm().fork("child"));
            DmaStatus status = machine.dma().store(parent.pasid(), PAGE, 2);

            assertEquals(WORD, Machine.peek(child, PAGE), "what the child sees");
            // Without recoverable faults nobody breaks the sharing for the device; that it is refused is right then.
            boolean mayBeRefused = !bench.spec().hasRecoverableFaults();
            assertTrue(
                    status == DmaStatus.OK || (mayBeRefused && Refusals.ACCESS.contains(status)),
                    () -> "the write: " + status);
            assertEquals(status == DmaStatus.OK ? 2 : WORD, Machine.peek(parent.mm(), PAGE), "what the parent sees");
        });
    }

    /**
     * Breaks the sharing from the process's side after the device has read the shared page.
     *
     * <p>Invariant I15. Source: Linux {@code mm/memory.c} (copy-on-write fault).
     *
     * <p>If this fails, the device still reads the frame which only the child has now.
     */
    @Rule(
            value = "3.9",
            text = "When copy-on-write gives a process another frame, the device MUST follow.",
            invariants = "I15")
    default void copyOnWriteMovesTheDevice(Bench bench) {
        bench.run(machine -> {
            BoundProcess parent = machine.bound("parent");
            AddressSpace child = machine.adopt(parent.mm().fork("child"));
            machine.dma().mustLoad(parent.pasid(), PAGE, WORD);

            Machine.poke(parent.mm(), PAGE, 2);

            machine.dma().mustLoad(parent.pasid(), PAGE, 2);
            machine.dma().mustStore(parent.pasid(), PAGE, 3);
            assertEquals(3, Machine.peek(parent.mm(), PAGE), "what the parent sees");
            assertEquals(WORD, Machine.peek(child, PAGE), "what the child sees");
        });
    }

    /**
     * Takes rights away, and then a page, in the middle of a huge page that the device has used.
     *
     * <p>Invariants I15, I16. Source: Linux {@code mm/huge_memory.c} (split).
     *
     * <p>If this fails, check that splitting a huge leaf removes the cached huge translation, wherever in it the change is.
     */
    @Rule(
            value = "3.10",
            text = "A change in the middle of a huge page MUST hold for the device exactly where it was made.",
            invariants = {"I15", "I16"})
    default void hugePageIsSplitForTheDevice(Bench bench) {
        bench.run(builder -> builder.memory(2 * Machine.MEMORY), machine -> {
            BoundProcess app = machine.bound("app");
            long huge = PAGE + (1L << 30);
            long middle = huge + (1L << 20);
            long size = Machine.PAGE_SIZE;
            app.mm().mapHuge(huge, 2L << 20, Protection.READ_WRITE);
            machine.dma().mustStore(app.pasid(), huge, 1);
            machine.dma().mustStore(app.pasid(), middle, 2);

            app.mm().protect(middle, size, Protection.READ);
            machine.dma().mustNotStore(app.pasid(), middle);
            machine.dma().mustLoad(app.pasid(), middle, 2);
            app.mm().unmap(middle, size);
            machine.dma().mustNotReach(app.pasid(), middle);

            machine.dma().mustStore(app.pasid(), middle - size, 3);
            machine.dma().mustStore(app.pasid(), middle + size, 4);
            machine.dma().mustLoad(app.pasid(), huge, 1);
        });
    }

    /**
     * Unmaps memory so that its page tables are given back, and fills every frame that is free now with valid-looking leaves.
     *
     * <p>Invariant I16. Source: "iommu/sva: invalidate stale IOTLB entries for kernel address space".
     *
     * <p>If this fails, a walker cache has kept a pointer to a table that is gone; check the invalidation when tables were removed too.
     */
    @Rule(
            value = "3.11",
            text = "A frame that was a page table MUST NOT be walked any more once it is used for something else.",
            invariants = "I16")
    default void freedTablesAreNotWalked(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            long region = PAGE + (4L << 30);
            long other = region + 8 * Machine.PAGE_SIZE;
            Machine.give(app.mm(), region, 1);
            machine.dma().mustStore(app.pasid(), region, 1);
            long secret = machine.frame(42);
            PageTableFormat format = driver().processFormat();
            int rights = Attributes.installed(Rights.READ | Rights.WRITE | Rights.USER);

            app.mm().unmap(region, Machine.PAGE_SIZE);
            AddressSpace forger = machine.process("forger");
            forger.map(PAGE, 64 * Machine.PAGE_SIZE, Protection.READ_WRITE);
            for (long at = PAGE; at < PAGE + 64 * Machine.PAGE_SIZE; at += Long.BYTES) {
                Machine.poke(forger, at, format.leafEntry(0, secret, rights));
            }

            machine.dma().mustNotReach(app.pasid(), region);
            machine.dma().mustNotReach(app.pasid(), other);
            machine.freeFrame(secret);
        });
    }

    /**
     * Unmaps pages one after the other while the device writes to them.
     *
     * <p>Invariants I15, I18. Source: PCI Express Base Specification, "ATS Invalidate Completion"; Arm IHI 0070, CMD_SYNC.
     *
     * <p>If this fails, an invalidation was confirmed while an access that used the old translation was still on its way.
     */
    @Rule(
            value = "3.12",
            text = "Under running DMA too, munmap MUST return only when no access will still reach the range.",
            invariants = {"I15", "I18"})
    default void unmapUnderTrafficHoldsOnReturn(Bench bench) {
        bench.race(machine -> {
            BoundProcess app = machine.bound("app");
            int pages = 4;
            long at = PAGE + 0x10_0000;
            Machine.give(app.mm(), at, pages);
            int[] next = new int[1];
            Traffic traffic = Traffic.of(machine, channel -> {
                channel.store(app.pasid(), at + next[0]++ % pages * Machine.PAGE_SIZE, 0xBAD);
                return true;
            });

            for (int page = 0; page < pages; page++) {
                app.mm().unmap(at + page * Machine.PAGE_SIZE, Machine.PAGE_SIZE);
                AddressSpace heir = machine.process("heir " + page);
                // Takes the frame over if anyone may: freed frames are given out again first.
                Machine.give(heir, PAGE, 4);
                machine.dma().mustNotReach(app.pasid(), at + page * Machine.PAGE_SIZE);
                for (int each = 0; each < 4; each++) {
                    assertEquals(0, Machine.peek(heir, PAGE + each * Machine.PAGE_SIZE), "memory of another process");
                }
            }
            traffic.stop();
        });
    }
}
