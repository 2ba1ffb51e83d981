package dev.sva4j.core.pasid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.PasidRange;
import dev.sva4j.api.SvaException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PasidSpaceTest {
    private final PasidSpace space = new PasidSpace();

    @Test
    void aNumberThatWasJustGivenBackIsNotTakenAgainAtOnce() {
        PasidRange range = new PasidRange(1, 8);
        int first = space.allocateForProcess(range, "a");
        space.freeOfProcess(first);

        assertThat(space.allocateForProcess(range, "b")).isNotEqualTo(first);
    }

    @Test
    void anExhaustedRangeSaysWhoAskedAndWhatToDo() {
        space.allocateForProcess(new PasidRange(5, 5), "a");

        assertThatThrownBy(() -> space.allocateForProcess(new PasidRange(5, 5), "b"))
                .isInstanceOf(SvaException.class)
                .hasMessageContaining("5..5 for b");
    }

    @Test
    void aPrivateNumberComesBackWithItsLastHolder() {
        int pasid = space.allocatePrivate(PasidRange.ALL, "gpu");
        space.retain(pasid);

        space.release(pasid);
        assertThat(space.owner(pasid)).contains("gpu");
        space.release(pasid);
        assertThat(space.owner(pasid)).isEmpty();
        assertThat(space.allocated()).isZero();
    }

    @Test
    void aProcessNumberCannotBeReleasedAsAPrivateOne() {
        int pasid = space.allocateForProcess(PasidRange.ALL, "app");

        assertThatThrownBy(() -> space.release(pasid)).hasMessageContaining("belongs to app");
        assertThat(space.owner(pasid)).contains("app");
    }

    @Test
    void aReservationThatMeetsATakenNumberReservesNothing() {
        int taken = space.allocateForProcess(new PasidRange(12, 12), "app");

        assertThatThrownBy(() -> space.reserve(new PasidRange(10, 14), "guest"))
                .hasMessageContaining("12 belongs to app");
        assertThat(space.owner(10)).isEmpty();
        assertThat(space.owner(taken)).contains("app");
    }

    @Test
    void reservedNumbersAreNotHandedOut() {
        space.reserve(new PasidRange(1, 3), "guest");

        assertThat(space.allocateForProcess(new PasidRange(1, 4), "app")).isEqualTo(4);
        assertThat(space.allocated()).isEqualTo(1);
    }

    /** Two threads hand the only number to each other, and each waits for nothing but the count. */
    @Test
    void whoeverSeesTheCountGoDownCanHaveTheNumber() {
        AtomicInteger turn = new AtomicInteger();

        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> takeTurns(turn, 1));
        takeTurns(turn, 0);

        assertThat(other).succeedsWithin(Duration.ofMinutes(1));
    }

    private void takeTurns(AtomicInteger turn, int mine) {
        PasidRange one = new PasidRange(5, 5);
        for (int round = 0; round < 20_000; round++) {
            int now = turn.get();
            while (now >= 0 && (now % 2 != mine || space.allocated() != 0)) {
                Thread.onSpinWait();
                now = turn.get();
            }
            if (now < 0) {
                return;
            }
            try {
                int pasid = space.allocateForProcess(one, "thread " + mine);
                turn.incrementAndGet();
                space.freeOfProcess(pasid);
            } catch (SvaException e) {
                // The other one need not wait for its turn for ever.
                turn.set(Integer.MIN_VALUE);
                throw e;
            }
        }
    }
}
