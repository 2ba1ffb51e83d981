package dev.sva4j.vendor.smmu.driver;

import static dev.sva4j.vendor.smmu.driver.ScriptedSmmu.GERROR;
import static dev.sva4j.vendor.smmu.driver.ScriptedSmmu.GERRORN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.api.FaultRecord;
import dev.sva4j.spi.PageRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the handler of global errors does beside the Command queue's. */
final class GlobalErrorsTest {
    private final Fixture fixture = new Fixture();
    private final ScriptedSmmu smmu = fixture.smmu;
    private final FakeHost host = fixture.host;

    @BeforeEach
    void start() {
        fixture.start();
    }

    private void raise(int bit) {
        smmu.set(GERROR, smmu.get(GERROR) ^ 1L << bit);
    }

    @Test
    void anEventThatCouldNotBeWrittenIsALossAndTheQueueIsLookedAt() {
        smmu.event(0x0000_1234_0000_0004L, 0, 0, 0);
        raise(2);

        host.interrupt(3);

        assertThat(host.faults.delivered).hasSize(2).first().isEqualTo("eventsLost");
        assertThat(host.faults.delivered.get(1)).isInstanceOf(FaultRecord.class);
        assertThat(smmu.get(GERRORN)).isEqualTo(smmu.get(GERROR));
    }

    @Test
    void aPageRequestThatCouldNotBeWrittenMayHaveClosedAGroup() {
        raise(3);

        host.interrupt(3);

        assertThat(host.faults.delivered).containsExactly("pageRequestsLost");
        assertThat(smmu.get(GERRORN)).isEqualTo(smmu.get(GERROR));
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7})
    void aMessageThatCouldNotBeSentWasAboutSomething(int bit) {
        smmu.event(0x0000_1234_0000_0004L, 0, 0, 0);
        smmu.pageRequest(0xf000_0c05_0000_1234L, 0x1000);
        raise(bit);

        host.interrupt(3);

        assertThat(host.faults.delivered).hasSize(2).last().isInstanceOf(PageRequest.class);
        assertThat(smmu.get(GERRORN)).isEqualTo(smmu.get(GERROR));
    }

    @Test
    void serviceFailureModeIsReportedAndTheHandlerGoesOn() {
        raise(8);

        host.interrupt(3);

        assertThatThrownBy(host.stepping::runTasks).hasMessageContaining("Service Failure Mode");
        assertThat(smmu.get(GERRORN)).isEqualTo(smmu.get(GERROR));
    }

    @Test
    void anErrorIsAcknowledgedOnceAndTheSecondOneIsSeenAgain() {
        raise(2);
        host.interrupt(3);
        host.interrupt(3);
        assertThat(host.faults.delivered).containsExactly("eventsLost");

        raise(2);
        host.interrupt(3);
        assertThat(host.faults.delivered).containsExactly("eventsLost", "eventsLost");
    }

    @Test
    void acknowledgingOneErrorLeavesTheOthersActive() {
        raise(2);
        raise(9); // CMDQP_ERR: not ours to handle

        host.interrupt(3);

        assertThat(smmu.get(GERROR) ^ smmu.get(GERRORN)).isEqualTo(1 << 9);
    }
}
