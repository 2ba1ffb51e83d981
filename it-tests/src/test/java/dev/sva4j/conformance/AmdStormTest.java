package dev.sva4j.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.vendor.amd.AmdVendor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A million requests of a dead process, on the architecture that cannot silence them in hardware: they share the event log with
 * faults that matter. Either the device is too fast for the log, or it is not.
 */
class AmdStormTest {
    private static final int FAULTS = 1_000_000;

    private static final List<AmdStorm.Outcome> PACED = new ArrayList<>();
    private static final List<AmdStorm.Outcome> UNPACED = new ArrayList<>();

    @BeforeAll
    static void rage() {
        for (var strategy : new AmdVendor().quiesceStrategies()) {
            PACED.add(AmdStorm.rage(strategy.name(), true, FAULTS));
            UNPACED.add(AmdStorm.rage(strategy.name(), false, FAULTS));
        }
    }

    static List<AmdStorm.Outcome> paced() {
        return PACED;
    }

    static List<AmdStorm.Outcome> unpaced() {
        return UNPACED;
    }

    static List<AmdStorm.Outcome> all() {
        List<AmdStorm.Outcome> all = new ArrayList<>(PACED);
        all.addAll(UNPACED);
        return all;
    }

    @ParameterizedTest
    @MethodSource("all")
    void every_request_of_the_dead_process_is_refused(AmdStorm.Outcome storm) {
        assertThat(storm.aborted()).isEqualTo(FAULTS);
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothing_of_the_dead_process_is_reported(AmdStorm.Outcome storm) {
        assertThat(storm.reportedOfSilent()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void what_hardware_recorded_is_what_software_dropped_or_reported(AmdStorm.Outcome storm) {
        assertThat(storm.recorded()).isEqualTo(storm.delivered()).isEqualTo(storm.dropped() + storm.reported());
    }

    /** A report that events may be lost covers what began before it. */
    @ParameterizedTest
    @MethodSource("all")
    void each_live_fault_is_heard_of_or_covered_by_a_loss_told_of_since_it_began(AmdStorm.Outcome storm) {
        assertThat(storm.missed()).isEmpty();
    }

    /** Otherwise the rule above says little. */
    @ParameterizedTest
    @MethodSource("unpaced")
    void too_fast_a_storm_loses_events(AmdStorm.Outcome storm) {
        assertThat(storm.losses()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("paced")
    void a_storm_that_is_not_too_fast_loses_nothing(AmdStorm.Outcome storm) {
        assertThat(storm.losses()).isZero();
    }

    @ParameterizedTest
    @MethodSource("paced")
    void each_fault_of_a_storm_that_is_not_too_fast_is_recorded(AmdStorm.Outcome storm) {
        assertThat(storm.recorded()).isEqualTo((long) FAULTS + storm.live());
    }

    @ParameterizedTest
    @MethodSource("paced")
    void each_live_fault_beside_a_storm_that_is_not_too_fast_is_heard_of(AmdStorm.Outcome storm) {
        assertThat(storm.heardOf()).isEqualTo(storm.live());
    }
}
