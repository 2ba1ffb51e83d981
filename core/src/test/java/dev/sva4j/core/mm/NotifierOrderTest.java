package dev.sva4j.core.mm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.Protection;
import dev.sva4j.spi.pagetable.Rights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an address space has done, and has not done yet, at the moment when devices are told. */
class NotifierOrderTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x40_0000;

    private record Told(long start, long last, boolean tables) {}

    private final MmFixture fixture = new MmFixture(16 << 20);
    private final ProcessMm mm = fixture.create("app");
    private final List<Told> told = new ArrayList<>();
    private LongConsumer duringInvalidate = start -> {};

    NotifierOrderTest() {
        mm.map(AT, 4 * PAGE, Protection.READ_WRITE);
        mm.populate(AT, 4 * PAGE, Access.WRITE);
        mm.setNotifier(new MmuNotifier() {
            @Override
            public void invalidate(long start, long last, boolean tables) {
                told.add(new Told(start, last, tables));
                duringInvalidate.accept(start);
            }

            @Override
            public void beforeRelease() {
                told.add(new Told(-1, -1, false));
            }

            @Override
            public void release() {
                told.add(new Told(-2, -2, false));
                duringInvalidate.accept(0);
            }

            @Override
            public void afterReclaim() {
                told.add(new Told(-3, -3, false));
            }
        });
    }

    @AfterEach
    void close() {
        duringInvalidate = start -> {};
        mm.close();
        fixture.close();
    }

    @Test
    void unmapTellsTheWholeRangeWithTheLastByteIncluded() {
        mm.unmap(AT + PAGE, 2 * PAGE);

        assertThat(told).containsExactly(new Told(AT + PAGE, AT + 3 * PAGE - 1, false));
    }

    @Test
    void unmapTellsThatTablesWentToo() {
        mm.unmap(AT, 4 * PAGE);

        assertThat(told).containsExactly(new Told(AT, AT + 4 * PAGE - 1, true));
    }

    @Test
    void noFrameIsFreedBeforeDevicesWereTold() {
        long before = fixture.allocator.allocatedBytes();
        List<Long> during = new ArrayList<>();
        duringInvalidate = start -> during.add(fixture.allocator.allocatedBytes());

        mm.unmap(AT, 4 * PAGE);

        assertThat(during).containsExactly(before);
        assertThat(fixture.allocator.allocatedBytes()).isLessThan(before);
    }

    @Test
    void entriesHaveChangedWhenDevicesAreTold() {
        List<Boolean> writable = new ArrayList<>();
        duringInvalidate = start -> writable.add((mm.format().leafAttributes(0, leaf(start)) & Rights.WRITE) != 0);

        mm.protect(AT, PAGE, Protection.READ);

        assertThat(writable).containsExactly(false);
    }

    private long leaf(long va) {
        long table = mm.root();
        for (int level = mm.format().topLevel(); level > 0; level--) {
            table = mm.format()
                    .tableAddress(
                            level, fixture.memory.load(table + 8L * mm.format().index(level, va)));
        }
        return fixture.memory.load(table + 8L * mm.format().index(0, va));
    }

    @Test
    void anUpgradeIsToldToo() {
        mm.protect(AT, PAGE, Protection.READ);
        told.clear();

        mm.protect(AT, PAGE, Protection.READ_WRITE);

        assertThat(told).containsExactly(new Told(AT, AT + PAGE - 1, false));
    }

    @Test
    void forkTellsBeforeItReturns() {
        AddressSpace child = mm.fork("child");

        assertThat(told).containsExactly(new Told(AT, AT + 4 * PAGE - 1, false));
        child.close();
    }

    /** It finds nothing to change, and yet must not return while a device may still write to what is shared now. */
    @Test
    void forkTellsOfRightsThatSomebodyElseIsStillTakingAway() {
        List<List<Told>> duringFork = new ArrayList<>();
        duringInvalidate = start -> {
            duringInvalidate = inner -> {};
            told.clear();
            mm.fork("child").close();
            duringFork.add(List.copyOf(told));
        };

        mm.protect(AT, 4 * PAGE, Protection.READ);

        assertThat(duringFork).containsExactly(List.of(new Told(AT, AT + 4 * PAGE - 1, false)));
    }

    @Test
    void protectTellsOfTheRightsInItsRangeThatAForkIsStillTakingAway() {
        List<List<Told>> duringProtect = new ArrayList<>();
        duringInvalidate = start -> {
            duringInvalidate = inner -> {};
            told.clear();
            mm.protect(AT + PAGE, PAGE, Protection.READ);
            duringProtect.add(List.copyOf(told));
        };

        mm.fork("child").close();

        assertThat(duringProtect).containsExactly(List.of(new Told(AT + PAGE, AT + 2 * PAGE - 1, false)));
    }

    @Test
    void protectThatChangesNothingTellsNobodyOnceTheOtherHasReturned() {
        mm.protect(AT, PAGE, Protection.READ);
        told.clear();

        mm.protect(AT, PAGE, Protection.READ);

        assertThat(told).isEmpty();
    }

    @Test
    void aCopyIsMadeOnlyAfterDevicesWereToldThatTheOldPageIsGone() {
        AddressSpace child = mm.fork("child");
        told.clear();
        byte[] lateWrite = {42};
        // A device that still used the old entry would write until the invalidation completes; such a write belongs to
        // the parent.
        duringInvalidate = start -> {
            long frame = frameOfChild(child, AT);
            fixture.memory.write(frame, lateWrite, 0, 1);
        };

        mm.handleFault(AT, Access.WRITE);

        byte[] seen = new byte[1];
        mm.read(AT, seen, 0, 1);
        assertThat(told).containsExactly(new Told(AT, AT + PAGE - 1, false));
        assertThat(seen).containsExactly(42);
        child.close();
    }

    @Test
    void aTableThatACopyWillUseIsNotTakenAwayWithItsNeighbours() {
        mm.unmap(AT + PAGE, 3 * PAGE);
        mm.map(AT + PAGE, PAGE, Protection.READ_WRITE);
        mm.populate(AT + PAGE, PAGE, Access.WRITE);
        AddressSpace child = mm.fork("child");
        List<Long> hoard = new ArrayList<>();
        duringInvalidate = start -> {
            if (start == AT) {
                mm.unmap(AT + PAGE, PAGE);
                // Whoever needs a frame now gets none.
                for (long pa = fixture.allocator.allocate(12); pa >= 0; pa = fixture.allocator.allocate(12)) {
                    hoard.add(pa);
                }
            }
        };

        FaultResult copied = mm.handleFault(AT, Access.WRITE);

        hoard.forEach(pa -> fixture.allocator.free(pa, 12));
        assertThat(copied).isEqualTo(FaultResult.RESOLVED);
        assertThat(mm.isResident(AT)).isTrue();
        child.close();
    }

    @Test
    void aTableThatASplitWillUseIsNotTakenAwayWithItsNeighbours() {
        long blocks = 0x4000_0000L;
        long block = 2 << 20;
        mm.mapHuge(blocks, 2 * block, Protection.READ_WRITE);
        duringInvalidate = start -> {
            if (start == blocks) {
                duringInvalidate = nested -> {};
                mm.unmap(blocks + block, block);
            }
        };

        mm.unmap(blocks, PAGE);

        assertThat(mm.isResident(blocks)).isFalse();
        assertThat(mm.isResident(blocks + PAGE)).isTrue();
    }

    private long frameOfChild(AddressSpace child, long va) {
        ProcessMm process = (ProcessMm) child;
        long table = process.root();
        for (int level = process.format().topLevel(); level > 0; level--) {
            table = process.format()
                    .tableAddress(
                            level,
                            fixture.memory.load(table + 8L * process.format().index(level, va)));
        }
        return process.format()
                .leafAddress(
                        0, fixture.memory.load(table + 8L * process.format().index(0, va)));
    }

    @Test
    void fillingWhatWasEmptyTellsNobody() {
        mm.map(AT + 8 * PAGE, PAGE, Protection.READ_WRITE);

        mm.populate(AT + 8 * PAGE, PAGE, Access.WRITE);

        assertThat(told).isEmpty();
    }

    @Test
    void exitQuiescesBeforeAnythingIsFreedAndCallsBackAfterwards() {
        long before = fixture.allocator.allocatedBytes();
        List<Long> atRelease = new ArrayList<>();
        duringInvalidate = start -> atRelease.add(fixture.allocator.allocatedBytes());

        mm.exit();

        assertThat(told.stream().map(Told::start)).containsExactly(-1L, -2L, -3L);
        assertThat(atRelease).containsExactly(before);
        assertThat(fixture.allocator.allocatedBytes()).isZero();
    }
}
