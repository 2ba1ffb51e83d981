package dev.sva4j.qemu.smmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.vendor.smmu.layout.ControlRegisters;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules of {@link Shrinker} and of the form in which cases are kept. */
class ShrinkerTest {
    private static final Case LONG = Generator.of(5);

    /** Differs if a device accesses this address and the memory word there is not mentioned. */
    private static Comparison.Difference differsAt(Case played, Step.Probe culprit) {
        return played.steps().contains(culprit) ? new Comparison.Difference("planted", "at " + culprit) : null;
    }

    @Test
    void only_what_makes_the_difference_and_registers_stay() {
        Step.Probe culprit = LONG.steps().stream()
                .filter(Step.Probe.class::isInstance)
                .map(Step.Probe.class::cast)
                .skip(4)
                .findFirst()
                .orElseThrow();

        Shrinker.Result result =
                Shrinker.shrink(LONG, differsAt(LONG, culprit), shorter -> differsAt(shorter, culprit));

        List<Step> left = result.shortest().steps();
        assertThat(left).filteredOn(Step.Probe.class::isInstance).containsExactly(culprit);
        assertThat(left).noneMatch(step -> step instanceof Step.Store || step instanceof Step.Command);
        assertThat(left)
                .anyMatch(
                        step -> step instanceof Step.Write32 write && write.offset() == ControlRegisters.CR0.offset());
        assertThat(result.shortest().watched()).isEmpty();
    }

    @Test
    void a_case_for_identical_parts_is_read_as_one() {
        Case identical = Generator.of(8);

        assertThat(identical.identical()).isTrue();
        assertThat(Case.parse(identical.toString().lines().toList())).containsExactly(identical);
    }

    @Test
    void a_case_is_the_same_after_it_was_written_down_and_read_again() {
        assertThat(Case.parse(LONG.toString().lines().toList())).containsExactly(LONG);
    }
}
