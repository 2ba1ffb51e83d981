package dev.sva4j.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.TransactionKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On hardware without PASIDs a process is bound to untagged traffic, and every rule holds that speaks of no number. */
class UntaggedRulesTest implements AllRules {
    @Override
    public IommuVendor vendor() {
        return new UntaggedSmmu(TransactionKind.ATOMIC, TransactionKind.STALL);
    }

    /** What caches are allowed is the same as with PASIDs. */
    @Override
    public List<Behaviour> behaviours() {
        return List.of(Behaviour.TENACIOUS);
    }

    /** What keeps the rules above from being skipped in silence. */
    @Test
    void mostRulesRunWithoutPasidsAndFaults() {
        assertRuns(new UntaggedSmmu(), 45);
    }

    @Test
    void moreRulesRunWithoutPasids() {
        assertRuns(new UntaggedSmmu(TransactionKind.ATOMIC, TransactionKind.STALL), 55);
    }

    private static void assertRuns(IommuVendor vendor, int atLeast) {
        ConformanceReport report = ConformanceRun.of(Budget.QUICK).on(List.of(Halves.of(vendor)));

        assertThat(report.rows())
                .filteredOn(row -> row.on(vendor.id()).outcome() == Outcome.FAILED)
                .as("broken rules")
                .isEmpty();
        assertThat(report.count(vendor.id(), Outcome.PASSED))
                .as("rules that ran")
                .isGreaterThanOrEqualTo(atLeast);
    }

    @Test
    void rulesAboutNumbersAreSkippedWithTheReason() {
        ConformanceReport report = ConformanceRun.of(Budget.QUICK)
                .withRules(Rules.select("1.6"))
                .on(List.of(Halves.of(new UntaggedSmmu())));

        assertThat(report.rows().get(0).on("arm-smmu-v3"))
                .isEqualTo(new RuleResult(Outcome.NOT_APPLICABLE, "device pinned0 has no PASIDs"));
    }
}
