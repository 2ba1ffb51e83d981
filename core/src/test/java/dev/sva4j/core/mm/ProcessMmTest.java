package dev.sva4j.core.mm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.Scheduler;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessMmTest {
    private static final long PAGE = 4096;
    private static final long BLOCK = 2 << 20;
    private static final long AT = 0x40_0000;

    private final MmFixture fixture = new MmFixture(16 << 20);
    private final ProcessMm mm = fixture.create("app");

    @AfterEach
    void everyFrameComesBack() {
        mm.close();
        fixture.close();
        assertThat(fixture.allocator.allocatedBytes()).isZero();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] read(AddressSpace from, long address, int length) {
        byte[] bytes = new byte[length];
        from.read(address, bytes, 0, length);
        return bytes;
    }

    private static SvaError errorOf(Runnable call) {
        try {
            call.run();
            return null;
        } catch (SvaException e) {
            return e.error();
        }
    }

    @Test
    void freshMemoryReadsAsZeroAndIsFilledOnTouchOnly() {
        mm.map(AT, 4 * PAGE, Protection.READ_WRITE);

        assertThat(mm.residentBytes()).isZero();
        assertThat(read(mm, AT + PAGE, 2)).containsExactly(0, 0);
        assertThat(mm.residentBytes()).isEqualTo(PAGE);
    }

    @Test
    void aWriteAcrossAPageBoundaryIsReadBack() {
        mm.map(AT, 2 * PAGE, Protection.READ_WRITE);

        mm.write(AT + PAGE - 2, bytes(1, 2, 3, 4), 0, 4);

        assertThat(read(mm, AT + PAGE - 2, 4)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void mappingOverAMappingIsRefused() {
        mm.map(AT, 2 * PAGE, Protection.READ);

        assertThat(errorOf(() -> mm.map(AT + PAGE, PAGE, Protection.READ))).isEqualTo(SvaError.EXISTS);
    }

    @Test
    void accessWithoutRightOrMappingSaysWhatToDo() {
        mm.map(AT, PAGE, Protection.READ);

        assertThatThrownBy(() -> mm.write(AT, bytes(1), 0, 1)).hasMessageContaining("use protect");
        assertThatThrownBy(() -> mm.write(AT + PAGE, bytes(1), 0, 1)).hasMessageContaining("use map");
    }

    @Test
    void noProtectionKeepsTheContents() {
        mm.map(AT, PAGE, Protection.READ_WRITE);
        mm.write(AT, bytes(7), 0, 1);

        mm.protect(AT, PAGE, Protection.NONE);
        SvaError whileNone = errorOf(() -> read(mm, AT, 1));
        mm.protect(AT, PAGE, Protection.READ);

        assertThat(whileNone).isEqualTo(SvaError.NOT_FOUND);
        assertThat(read(mm, AT, 1)).containsExactly(7);
    }

    @Test
    void protectingAHoleChangesNothing() {
        mm.map(AT, PAGE, Protection.READ);
        mm.map(AT + 2 * PAGE, PAGE, Protection.READ);

        assertThat(errorOf(() -> mm.protect(AT, 3 * PAGE, Protection.READ_WRITE)))
                .isEqualTo(SvaError.NOT_FOUND);
        assertThat(errorOf(() -> mm.write(AT, bytes(1), 0, 1))).isEqualTo(SvaError.NOT_FOUND);
    }

    @Test
    void discardedPagesReadAsZeroAgain() {
        mm.map(AT, PAGE, Protection.READ_WRITE);
        mm.write(AT, bytes(9), 0, 1);

        mm.discard(AT, PAGE);

        assertThat(read(mm, AT, 1)).containsExactly(0);
    }

    @Test
    void aChildSeesTheParentsContentsAndNeitherSeesLaterWritesOfTheOther() {
        mm.map(AT, 2 * PAGE, Protection.READ_WRITE);
        mm.write(AT, bytes(1), 0, 1);
        mm.write(AT + PAGE, bytes(2), 0, 1);

        try (AddressSpace child = mm.fork("child")) {
            mm.write(AT, bytes(3), 0, 1);
            child.write(AT + PAGE, bytes(4), 0, 1);

            assertThat(read(child, AT, 1)).containsExactly(1);
            assertThat(read(mm, AT + PAGE, 1)).containsExactly(2);
            assertThat(read(mm, AT, 1)).containsExactly(3);
            assertThat(read(child, AT + PAGE, 1)).containsExactly(4);
        }
    }

    @Test
    void theLastSharerWritesWithoutACopy() {
        mm.map(AT, PAGE, Protection.READ_WRITE);
        mm.write(AT, bytes(1), 0, 1);
        mm.fork("child").close();
        long before = fixture.allocator.allocatedBytes();

        mm.write(AT, bytes(2), 0, 1);

        assertThat(fixture.allocator.allocatedBytes()).isEqualTo(before);
    }

    @Test
    void aHugePageIsCutWhenAPartIsUnmappedAndComesBackWhole() {
        mm.mapHuge(AT, BLOCK, Protection.READ_WRITE);
        mm.write(AT + PAGE, bytes(5), 0, 1);

        mm.unmap(AT, PAGE);

        assertThat(errorOf(() -> read(mm, AT, 1))).isEqualTo(SvaError.NOT_FOUND);
        assertThat(read(mm, AT + PAGE, 1)).containsExactly(5);
        assertThat(mm.residentBytes()).isEqualTo(BLOCK - PAGE);
    }

    @Test
    void aWriteToASharedHugePageCopiesOnePage() {
        mm.mapHuge(AT, BLOCK, Protection.READ_WRITE);
        mm.write(AT + 3 * PAGE, bytes(5), 0, 1);
        try (AddressSpace child = mm.fork("child")) {
            mm.write(AT + 3 * PAGE, bytes(6), 0, 1);

            assertThat(read(child, AT + 3 * PAGE, 1)).containsExactly(5);
            assertThat(read(mm, AT + 3 * PAGE, 1)).containsExactly(6);
        }
    }

    @Test
    void hugePagesWithoutContiguousMemoryChangeNothing() {
        long before = fixture.allocator.allocatedBytes();

        assertThat(errorOf(() -> mm.mapHuge(AT, 64 * BLOCK, Protection.READ))).isEqualTo(SvaError.NO_MEMORY);

        assertThat(fixture.allocator.allocatedBytes()).isEqualTo(before);
        assertThat(errorOf(() -> read(mm, AT, 1))).isEqualTo(SvaError.NOT_FOUND);
    }

    @Test
    void aForkThatRunsOutOfMemoryLeavesTheParentAsItWas() {
        mm.map(AT, 512 * PAGE, Protection.READ_WRITE);
        mm.populate(AT, 512 * PAGE, Access.WRITE);
        ProcessMm hog = fixture.create("hog");
        hog.map(AT, 8 << 20, Protection.READ_WRITE);
        hog.map(AT + (8 << 20), 8 << 20, Protection.READ_WRITE);
        SvaError full = errorOf(() -> hog.populate(AT, 16 << 20, Access.WRITE));

        SvaError refused = errorOf(() -> mm.fork("child"));
        mm.write(AT, bytes(1), 0, 1);
        hog.close();

        assertThat(full).isEqualTo(SvaError.NO_MEMORY);
        assertThat(refused).isEqualTo(SvaError.NO_MEMORY);
        assertThat(read(mm, AT, 1)).containsExactly(1);
    }

    @Test
    void anExitWaitsForTheLastUser() {
        mm.tryGetUser();

        mm.exit();

        assertThat(mm.isExiting()).isTrue();
        assertThat(mm.isReclaimed()).isFalse();
        mm.putUser();
        assertThat(mm.isReclaimed()).isTrue();
    }

    @Test
    void afterExitEveryCallIsStale() {
        mm.map(AT, PAGE, Protection.READ_WRITE);
        mm.exit();

        assertThat(errorOf(() -> mm.map(AT, PAGE, Protection.READ))).isEqualTo(SvaError.STALE);
        assertThat(errorOf(() -> read(mm, AT, 1))).isEqualTo(SvaError.STALE);
        assertThat(errorOf(() -> mm.fork("child"))).isEqualTo(SvaError.STALE);
        assertThat(mm.tryGetUser()).isFalse();
    }

    @Test
    void aReapedProcessGetsNoFreshPage() {
        mm.map(AT, PAGE, Protection.READ_WRITE);
        mm.write(AT, bytes(1), 0, 1);
        mm.tryGetUser();

        mm.oomKill();
        FaultResult afterKill = mm.handleFault(AT, Access.READ);
        mm.putUser();

        assertThat(afterKill).isEqualTo(FaultResult.DYING);
        assertThat(mm.awaitReclaimed(10_000_000_000L)).isTrue();
    }

    @Test
    void populateTouchesAPageOfWhichOnlyAPartIsInTheRange() {
        mm.map(AT, 2 * PAGE, Protection.READ_WRITE);

        mm.populate(AT + PAGE - 1, 2, Access.READ);

        assertThat(mm.residentBytes()).isEqualTo(2 * PAGE);
    }

    @Test
    void aRangeIsNotFilledAnewBeforeItsOldPagesAreForgottenEverywhere() {
        mm.map(AT, PAGE, Protection.READ_WRITE);
        mm.write(AT, bytes(1), 0, 1);
        AtomicBoolean filled = new AtomicBoolean();
        AtomicBoolean filledTooEarly = new AtomicBoolean();
        Scheduler.Task[] toucher = new Scheduler.Task[1];
        mm.setNotifier(new MmuNotifier() {
            @Override
            public void invalidate(long start, long last, boolean tables) {
                toucher[0] = fixture.scheduler.spawn("touch", () -> {
                    mm.handleFault(AT, Access.READ);
                    filled.set(true);
                });
                // A task that need not wait ends within this time; one that has to does not, however long it is.
                toucher[0].join(fixture.scheduler.nanoTime() + 50_000_000L);
                filledTooEarly.set(mm.isResident(AT));
            }

            @Override
            public void beforeRelease() {}

            @Override
            public void release() {}

            @Override
            public void afterReclaim() {}
        });

        mm.discard(AT, PAGE);
        toucher[0].join(Scheduler.NEVER);
        mm.setNotifier(MmuNotifier.NONE);

        assertThat(filledTooEarly).isFalse();
        assertThat(filled).isTrue();
    }

    @Test
    void theLastReferenceIsGivenBackOnce() {
        mm.close();
        mm.close();

        assertThat(fixture.lastReferences).isEqualTo(1);
    }

    @Test
    void theObjectIsNotForgottenBeforeItsTearDownIsOver() {
        mm.tryGetUser();
        mm.close();
        int beforeTearDown = fixture.lastReferences;
        mm.putUser();

        assertThat(beforeTearDown).isZero();
        assertThat(fixture.lastReferences).isEqualTo(1);
    }

    @Test
    void addressesBeyondTheLowerHalfAreNotMapped() {
        assertThat(errorOf(() -> read(mm, -PAGE, 1))).isEqualTo(SvaError.NOT_FOUND);
        assertThat(errorOf(() -> mm.map(1L << 50, PAGE, Protection.READ))).isEqualTo(SvaError.INVALID);
        assertThat(errorOf(() -> mm.map(AT + 1, PAGE, Protection.READ))).isEqualTo(SvaError.INVALID);
        assertThat(errorOf(() -> mm.map(AT, 0, Protection.READ))).isEqualTo(SvaError.INVALID);
    }
}
