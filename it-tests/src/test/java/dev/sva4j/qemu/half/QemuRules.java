package dev.sva4j.qemu.half;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sva4j.conformance.Budget;
import dev.sva4j.conformance.ConformanceReport;
import dev.sva4j.conformance.ConformanceRun;
import dev.sva4j.conformance.Deviation;
import dev.sva4j.conformance.Halves;
import dev.sva4j.conformance.Outcome;
import dev.sva4j.conformance.RuleInfo;
import dev.sva4j.conformance.RuleResult;
import dev.sva4j.qemu.QemuBinary;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A driver half of ours on QEMU's IOMMU keeps the rules, as far as that carries what they need. Where QEMU itself does not do
 * what the architecture demands, its plug-in declares so, and the rule has to fail, and at that very point.
 *
 * <p>One behaviour is enough, because QEMU has its own, and few schedules, because each is a start of QEMU.
 */
abstract class QemuRules {
    private final String target;
    private final Halves halves;
    private final List<RuleInfo> rules;
    private final int atLeast;
    private final Map<String, String> symptoms;

    /**
     * Rules on QEMU.
     *
     * @param target what QEMU is needed
     * @param rules what to run
     * @param atLeast how many rules have to run
     * @param symptoms what fails, by rule: the part of the message that says at what
     */
    QemuRules(String target, Halves halves, List<RuleInfo> rules, int atLeast, Map<String, String> symptoms) {
        this.target = target;
        this.halves = halves;
        this.rules = rules;
        this.atLeast = atLeast;
        this.symptoms = symptoms;
    }

    @TestFactory
    Stream<DynamicTest> rules() {
        QemuBinary.require(target);
        ConformanceReport report =
                ConformanceRun.of(Budget.QUICK).withRules(rules).on(List.of(halves));

        Stream<DynamicTest> asAWhole = Stream.of(
                dynamicTest(
                        "most rules run",
                        () -> assertThat(report.count(halves.name(), Outcome.PASSED))
                                .isGreaterThanOrEqualTo(atLeast)),
                dynamicTest(
                        "every deviation has a symptom",
                        () -> assertThat(symptoms.keySet())
                                .isEqualTo(Stream.of(halves.driver(), halves.hardware())
                                        .flatMap(half -> Deviation.declaredBy(half).stream())
                                        .map(Deviation::rule)
                                        .collect(Collectors.toSet()))));
        return Stream.concat(
                asAWhole,
                report.rows().stream()
                        .map(row -> dynamicTest(
                                row.rule().id() + " " + row.rule().text(),
                                () -> check(row.rule().id(), row.on(halves.name())))));
    }

    private void check(String rule, RuleResult result) {
        String symptom = symptoms.get(rule);
        if (symptom != null) {
            assertThat(result.outcome()).isEqualTo(Outcome.NOT_APPLICABLE);
            assertThat(result.reason()).startsWith("deviates: ").contains(symptom);
        }
        assumeFalse(result.outcome() == Outcome.NOT_APPLICABLE, result.reason());
        assertThat(result.outcome()).as(result.reason()).isEqualTo(Outcome.PASSED);
    }
}
