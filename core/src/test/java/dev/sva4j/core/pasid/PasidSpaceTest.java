package dev.sva4j.core.pasid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.PasidRange;
import dev.sva4j.api.SvaException;
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
}
