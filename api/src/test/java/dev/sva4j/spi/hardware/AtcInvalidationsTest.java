package dev.sva4j.spi.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.hardware.AtcInvalidations.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AtcInvalidationsTest {
    private final List<Integer> tags = new ArrayList<>();
    private final AtcInvalidations atc = new AtcInvalidations(new DeviceLink() {
        @Override
        public void invalidateAtc(int requester, int pasid, long address, int log2Bytes, boolean global, int tag) {
            tags.add(tag);
        }

        @Override
        public void pageGroupResponse(int requester, int pasid, int group, ResponseCode code) {
            throw new AssertionError("nobody asked");
        }
    });

    private void send(int requester) {
        atc.send(requester, 1, 0, 12, false);
    }

    @Test
    void theLastAnswerCompletes() {
        send(1);
        send(2);
        assertThat(atc.areComplete()).isFalse();
        assertThat(atc.acknowledge(2, tags.get(1))).isEqualTo(Answer.MORE_MISSING);
        assertThat(atc.acknowledge(1, tags.get(0))).isEqualTo(Answer.LAST);
        assertThat(atc.areComplete()).isTrue();
    }

    @Test
    void anAnswerOfAnotherFunctionIsUnexpected() {
        send(1);
        assertThat(atc.acknowledge(2, tags.get(0))).isEqualTo(Answer.UNEXPECTED);
        assertThat(atc.areComplete()).isFalse();
    }

    @Test
    void aSecondAnswerIsUnexpected() {
        send(1);
        atc.acknowledge(1, tags.get(0));
        assertThat(atc.acknowledge(1, tags.get(0))).isEqualTo(Answer.UNEXPECTED);
    }

    @Test
    void whatExpiresIsNamedOnceAndNotAwaitedAnyMore() {
        send(7);
        atc.expire();
        assertThat(atc.areComplete()).isTrue();
        assertThat(atc.takeExpired()).isEqualTo(7);
        assertThat(atc.takeExpired()).isEqualTo(AtcInvalidations.NONE);
    }

    @Test
    void nothingExpiresWhereNothingIsOutstanding() {
        atc.expire();
        assertThat(atc.takeExpired()).isEqualTo(AtcInvalidations.NONE);
    }

    @Test
    void whatIsForgottenIsNeitherAwaitedNorExpired() {
        send(7);
        atc.forget();
        atc.expire();
        assertThat(atc.areComplete()).isTrue();
        assertThat(atc.takeExpired()).isEqualTo(AtcInvalidations.NONE);
    }
}
