package dev.sva4j.conformance;

import static dev.sva4j.conformance.BoundProcess.PAGE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.Protection;
import dev.sva4j.api.TraceEvent;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Chapter 7, invalidation ranges: every translation that intersects the range goes, whatever the range looks like.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface RangeRules extends Subject {
    /**
     * Protects every range of whole pages among a dozen which straddle a 1 GiB boundary.
     *
     * <p>Invariant I13. Source: "iommu/vt-d: Calculate mask for non-aligned flushes"; "iommu/vt-d: Fix aligned pages in
     * calculate_psi_aligned_address()".
     *
     * <p>If this fails, compare the range of the commands with the range asked for, at both ends.
     */
    @Rule(
            value = "7.1",
            text =
                    "An invalidation MUST remove every translation of its pages, whatever their number and the alignment of the first.",
            invariants = "I13")
    default void everyRangeOfPagesIsCovered(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            AddressSpace mm = app.mm();
            Machine.give(mm, Dozen.FIRST, Dozen.PAGES);
            for (int from = 0; from < Dozen.PAGES; from++) {
                for (int to = from + 1; to <= Dozen.PAGES; to++) {
                    mm.protect(Dozen.FIRST, Dozen.PAGES * Machine.PAGE_SIZE, Protection.READ_WRITE);
                    mm.populate(Dozen.FIRST, Dozen.PAGES * Machine.PAGE_SIZE, Access.WRITE);
                    Dozen.storeEverywhere(machine, app.pasid());

                    mm.protect(Dozen.at(from), (to - from) * Machine.PAGE_SIZE, Protection.READ);

                    for (int page : List.of(from, (from + to) / 2, to - 1)) {
                        machine.dma().mustNotStore(app.pasid(), Dozen.at(page));
                    }
                }
            }
        });
    }

    /**
     * Asks the driver half itself for ranges whose ends lie anywhere in a page. Page tables are changed without its knowledge before.
     *
     * <p>Invariant I13. Source: "iommu/arm-smmu-v3: Fix size calculation in arm_smmu_mm_invalidate_range()".
     *
     * <p>If this fails, check that the first byte is rounded down, the last byte up, and the last page is counted.
     */
    @Rule(
            value = "7.2",
            text =
                    "An invalidation MUST cover the pages of its first and of its last byte, wherever in the page they lie.",
            invariants = "I13")
    default void everyRangeOfBytesIsCovered(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Machine.give(app.mm(), Dozen.FIRST, Dozen.PAGES);
            long[] ends = {0, 1, Machine.PAGE_SIZE / 2, Machine.PAGE_SIZE - 1};
            for (int pages = 1; pages <= Dozen.PAGES; pages += pages < 4 ? 1 : 3) {
                for (int from = 0; from + pages <= Dozen.PAGES; from += 3) {
                    for (long first : ends) {
                        for (long last : ends) {
                            if (pages > 1 || last >= first) {
                                invalidateAndCompare(
                                        machine,
                                        app.pasid(),
                                        from,
                                        pages,
                                        Dozen.at(from) + first,
                                        Dozen.at(from + pages - 1) + last);
                            }
                        }
                    }
                }
            }
        });
    }

    private static void invalidateAndCompare(Machine machine, int pasid, int from, int pages, long start, long last) {
        Dozen.storeEverywhere(machine, pasid);
        try (Detour detour = new Detour(machine, pasid, Dozen.at(from), pages)) {
            detour.invalidate(start, last, false);

            detour.mustBeTaken(pasid);
        }
    }

    /**
     * Uses and unmaps the last page that a process can have.
     *
     * <p>Invariant I13. Source: "iommu/vt-d: Fix incorrect cache invalidation for mm notification".
     *
     * <p>If this fails, check for an end of the range that wraps when it is rounded up or made exclusive.
     */
    @Rule(value = "7.3", text = "An invalidation MUST cover the last page of the address space.", invariants = "I13")
    default void lastPageIsCovered(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            long last = driver().processFormat().lowLast() + 1 - Machine.PAGE_SIZE;
            Machine.give(app.mm(), last, 1);
            machine.dma().mustStore(app.pasid(), last, 1);

            app.mm().unmap(last, Machine.PAGE_SIZE);

            machine.dma().mustNotReach(app.pasid(), last);
        });
    }

    /**
     * Asks for the invalidation of everything, and of everything from some page on.
     *
     * <p>Invariant I13. Source: "iommu/vt-d: Fix incorrect cache invalidation for mm notification".
     *
     * <p>If this fails, the number of pages has overflowed and come out as none.
     */
    @Rule(
            value = "7.4",
            text = "An invalidation up to the last address there is MUST cover everything from its start.",
            invariants = "I13")
    default void everythingIsCovered(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Machine.give(app.mm(), Dozen.FIRST, Dozen.PAGES);
            for (long start : new long[] {0, Dozen.FIRST}) {
                Dozen.storeEverywhere(machine, app.pasid());
                try (Detour detour = new Detour(machine, app.pasid(), Dozen.FIRST, Dozen.PAGES)) {
                    detour.invalidate(start, -1, true);

                    detour.mustBeTaken(app.pasid());
                }
            }
        });
    }

    /**
     * Unmaps a mapping of a tebibyte of which two pages were used, and counts what the driver half does for it.
     *
     * <p>Invariants I13, I33. Source: "iommu/arm-smmu-v3: Fix soft lockup triggered by arm_smmu_mm_invalidate_range".
     *
     * <p>If this fails, the range is invalidated page by page: above some number of commands one for everything is cheaper.
     */
    @Rule(
            value = "7.5",
            text = "The number of steps of an invalidation MUST be bounded, whatever the size of the range, which "
                    + "MUST be covered all the same.",
            invariants = {"I13", "I33"})
    default void hugeRangesAreCutShort(Bench bench) {
        int most = 10_000;
        Recorder recorder = new Recorder();
        bench.run(builder -> builder.trace(recorder), machine -> {
            BoundProcess app = machine.bound("app");
            long size = Math.min(1L << 40, driver().processFormat().lowLast() / 2);
            long start = PAGE + (2L << 30);
            size -= size % Machine.PAGE_SIZE;
            app.mm().map(start, size, Protection.READ_WRITE);
            long end = start + size - Machine.PAGE_SIZE;
            app.mm().populate(start, Machine.PAGE_SIZE, Access.WRITE);
            app.mm().populate(end, Machine.PAGE_SIZE, Access.WRITE);
            machine.dma().mustStore(app.pasid(), start, 1);
            machine.dma().mustStore(app.pasid(), end, 2);
            long whole = size;

            List<TraceEvent> steps = recorder.during(() -> app.mm().unmap(start, whole), event -> {});

            machine.dma().mustNotReach(app.pasid(), start);
            machine.dma().mustNotReach(app.pasid(), end);
            long work = steps.stream()
                    .filter(event -> event.kind() != TraceEvent.Kind.REGISTER_READ)
                    .count();
            assertTrue(work <= most, () -> "steps for the invalidation: " + work);
        });
    }

    /**
     * Takes a page away from one process while another one has the same address.
     *
     * <p>Invariants I17, I18. Source: PCI Express Base Specification, "ATS Invalidate"; Arm IHI 0070 on CMD_ATC_INV.
     *
     * <p>If this fails, the ATC was told before the IOTLB, and was filled again from what the IOTLB still had.
     */
    @Rule(
            value = "7.6",
            text = "A cache MUST NOT be filled again from another one that still holds what was invalidated.",
            invariants = {"I17", "I18"})
    default void cachesAreToldInOrder(Bench bench) {
        bench.race(machine -> {
            BoundProcess app = machine.bound("app");
            Traffic traffic = Traffic.of(machine, channel -> {
                channel.load(app.pasid(), PAGE);
                return true;
            });
            try (Detour detour = new Detour(machine, app.pasid(), PAGE, 1)) {
                detour.invalidate(PAGE, PAGE + Machine.PAGE_SIZE - 1, false);

                detour.mustBeTaken(app.pasid());
                traffic.stop();
            }
            machine.dma().mustLoad(app.pasid(), PAGE, BoundProcess.WORD);
        });
    }
}
