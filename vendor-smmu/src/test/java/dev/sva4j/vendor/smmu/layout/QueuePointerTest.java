package dev.sva4j.vendor.smmu.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Vector R7 and the rules around it. */
class QueuePointerTest {

    private static final int QS = 3;
    private static final long OVFLG = 0x8000_0000L;

    @Test
    void equalIndexesAreFullWhenTheWrapBitsDifferAndEmptyWhenTheyDoNot() {
        assertThat(QueuePointer.isFull(0x8, 0x0, QS)).isTrue();
        assertThat(QueuePointer.isEmpty(0x8, 0x0, QS)).isFalse();
        assertThat(QueuePointer.isFull(0x8, 0x8, QS)).isFalse();
        assertThat(QueuePointer.isEmpty(0x8, 0x8, QS)).isTrue();
    }

    @Test
    void theIndexIsFollowedByTheWrapBitAndThenByZero() {
        assertThat(QueuePointer.next(0x7, QS)).isEqualTo(0x8);
        assertThat(QueuePointer.next(0xF, QS)).isZero();
    }

    @Test
    void anOverflowOfAFullQueueTogglesTheFlagOnce() {
        assertThat(QueuePointer.raiseOverflow(0x8, 0x0)).isEqualTo(0x8000_0008L);
        assertThat(QueuePointer.isOverflowActive(0x8000_0008L, 0x0)).isTrue();
        assertThat(QueuePointer.raiseOverflow(0x8000_0008L, 0x0)).isEqualTo(0x8000_0008L);
    }

    @Test
    void anOverflowIsAcknowledgedByMakingTheFlagsEqual() {
        assertThat(QueuePointer.acknowledgeOverflow(0x8000_0008L, 0x8)).isEqualTo(0x8000_0008L);
        assertThat(QueuePointer.isOverflowActive(0x8000_0008L, 0x8000_0008L)).isFalse();
        assertThat(QueuePointer.raiseOverflow(0x8000_0008L, 0x8000_0000L))
                .as("the next one toggles back")
                .isEqualTo(0x8);
        assertThat(QueuePointer.acknowledgeOverflow(0x8, 0x8000_0000L)).isZero();
    }

    @Test
    void theOverflowFlagIsNoPartOfTheIndexAndSurvivesIt() {
        assertThat(QueuePointer.isEmpty(OVFLG | 0x8, 0x8, QS)).isTrue();
        assertThat(QueuePointer.isFull(OVFLG | 0x8, 0x0, QS)).isTrue();
        assertThat(QueuePointer.next(OVFLG | 0xF, QS)).isEqualTo(OVFLG);
    }

    @Test
    void bitsAboveTheWrapBitAreIgnored() {
        assertThat(QueuePointer.isEmpty(0x18, 0x8, QS)).isTrue();
        assertThat(QueuePointer.isFull(0xffff0, 0x8, QS)).isTrue();
        assertThat(QueuePointer.index(0x1d, QS)).isEqualTo(5);
        assertThat(QueuePointer.wrap(0x1d, QS)).isTrue();
        assertThat(QueuePointer.position(0x1d, QS)).isEqualTo(0xd);
    }

    @Test
    void fromEveryPositionAQueueTakesExactlyItsSize() {
        for (int qs = 0; qs <= 4; qs++) {
            for (long cons = 0; cons < 2L << qs; cons++) {
                long prod = cons;
                assertThat(QueuePointer.isEmpty(prod, cons, qs)).isTrue();
                for (int n = 1; n <= 1 << qs; n++) {
                    assertThat(QueuePointer.isFull(prod, cons, qs)).isFalse();
                    prod = QueuePointer.next(prod, qs);
                    assertThat(QueuePointer.used(prod, cons, qs)).isEqualTo(n);
                    assertThat(QueuePointer.advance(cons, n, qs)).isEqualTo(prod);
                }
                assertThat(QueuePointer.isFull(prod, cons, qs)).isTrue();
            }
        }
    }

    @Test
    void theLargestQueueUsesAll20BitsOfTheRegister() {
        assertThat(QueuePointer.next(0xfffff, QueuePointer.MAX_LOG2_SIZE)).isZero();
        assertThat(QueuePointer.wrap(0x80000, QueuePointer.MAX_LOG2_SIZE)).isTrue();
        assertThat(QueueRegisters.CMDQ_PROD_WR.max()).isEqualTo(0xfffff);
    }

    @Test
    void anEntryIsFoundByItsIndex() {
        long base = 0x8020_0000L;
        assertThat(QueuePointer.entryAddress(base, 0xd, QS, QueuePointer.LOG2_COMMAND_BYTES))
                .isEqualTo(base + 0x50);
        assertThat(QueuePointer.entryAddress(base, OVFLG | 0xd, QS, QueuePointer.LOG2_EVENT_BYTES))
                .isEqualTo(base + 0xa0);
        assertThat(1 << QueuePointer.LOG2_COMMAND_BYTES).isEqualTo(Command.WORDS * Long.BYTES);
        assertThat(1 << QueuePointer.LOG2_COMMAND_BYTES).isEqualTo(PriQueueEntry.LAYOUT.bytes());
        assertThat(1 << QueuePointer.LOG2_EVENT_BYTES).isEqualTo(EventRecord.WORDS * Long.BYTES);
    }

    @Test
    void theBaseIsAlignedToTheSizeOfTheQueueAndAtLeastTo32() {
        long register = 0x4000_0000_8020_1fe8L;
        assertThat(QueuePointer.log2Size(register, 19)).isEqualTo(8);
        assertThat(QueuePointer.log2Size(register, 7)).isEqualTo(7);
        assertThat(QueuePointer.base(register, 8, QueuePointer.LOG2_COMMAND_BYTES))
                .isEqualTo(0x8020_1000L);
        assertThat(QueuePointer.base(register, 0, QueuePointer.LOG2_COMMAND_BYTES))
                .isEqualTo(0x8020_1fe0L);
        assertThat(QueuePointer.bytes(0, QueuePointer.LOG2_COMMAND_BYTES)).isEqualTo(32);
        assertThat(QueuePointer.bytes(19, QueuePointer.LOG2_EVENT_BYTES)).isEqualTo(0x100_0000);
    }
}
