package dev.sva4j.qemu.half;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sva4j.conformance.Budget;
import dev.sva4j.conformance.ConformanceReport;
import dev.sva4j.conformance.ConformanceRun;
import dev.sva4j.conformance.Halves;
import dev.sva4j.conformance.Outcome;
import dev.sva4j.conformance.RuleResult;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.vendor.smmu.SmmuVendor;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Our SMMUv3 driver half on QEMU's SMMUv3 keeps the rules, as far as that carries what they need. Where QEMU itself does
 * not do what the architecture demands, a rule has to fail, and at that very point.
 *
 * <p>One behaviour is enough, because QEMU has its own, and few schedules, because each is a start of QEMU.
 */
class QemuRulesTest {
    /** What fails on QEMU, by rule: the part of the message that says at what. */
    private static final Map<String, String> DEVIATIONS = Map.of(
            // QEMU does not look at AP[1] (DDI 0487 D8.4), so a page that only privileged software may use, which is
            // how PROT_NONE is written, can be read by anyone. PROT_NONE is the only one that may not be read.
            "3.3", "a read of PASID -1 at 0x40100000 must be refused, but: OK");

    @TestFactory
    Stream<DynamicTest> rules() {
        QemuBinary.require("aarch64");
        Halves halves = new Halves(new SmmuVendor(), new QemuSmmuVendor());
        ConformanceReport report = ConformanceRun.of(Budget.QUICK).on(List.of(halves));

        DynamicTest enough = dynamicTest(
                "most rules run",
                () -> assertThat(report.count(halves.name(), Outcome.PASSED)).isGreaterThanOrEqualTo(50));
        return Stream.concat(
                Stream.of(enough),
                report.rows().stream()
                        .map(row -> dynamicTest(
                                row.rule().id() + " " + row.rule().text(),
                                () -> check(row.rule().id(), row.on(halves.name())))));
    }

    private static void check(String rule, RuleResult result) {
        assumeFalse(result.outcome() == Outcome.NOT_APPLICABLE, result.reason());
        String deviation = DEVIATIONS.get(rule);
        if (deviation == null) {
            assertThat(result.outcome()).as(result.reason()).isEqualTo(Outcome.PASSED);
        } else {
            assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(result.reason()).contains(deviation);
        }
    }
}
