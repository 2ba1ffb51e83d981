package dev.sva4j.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.conformance.forward.ForwardingHardware;
import dev.sva4j.conformance.forward.ForwardingVendor;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.vendor.smmu.SmmuVendor;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The kit run from a program: verdicts, their reasons, and what keeps a run from ending. */
class ConformanceRunTest {
    private static final String SMMU = "arm-smmu-v3";

    /** Ends what a hanging plug-in has left behind. */
    private volatile boolean released;

    @Test
    void whatHoldsHasPassed() {
        ConformanceReport report = run("3.1", new SmmuVendor());

        assertThat(report.subjects()).containsExactly(SMMU);
        assertThat(result(report, "3.1")).isEqualTo(new RuleResult(Outcome.PASSED, ""));
        assertThat(report.passed()).isTrue();
    }

    @Test
    void whatIsBrokenHasFailedWithTheReasonAndWhere() {
        ConformanceReport report = run("5.1 5.8", new Renamed("never-quiesces") {
            @Override
            public IommuDriver createDriver(DriverHost host) {
                return new ForwardingDriver(super.createDriver(host)) {
                    @Override
                    public void quiescePasid(int requester, int pasid) {}
                };
            }
        });

        RuleResult broken = report.rows().get(0).on("never-quiesces");
        assertThat(broken.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(broken.reason()).startsWith("rule 5.1 (accessAfterExitAborts) with pri0, TENACIOUS: ");
        assertThat(report.rows().get(1).on("never-quiesces").outcome()).isEqualTo(Outcome.PASSED);
        assertThat(report.passed()).isFalse();
    }

    @Test
    void whatAppliesToNoDeviceSaysWhy() {
        ConformanceReport report = run("5.5 3.2", carrying(TransactionKind.PASID_TAGGED));

        assertThat(result(report, "5.5"))
                .isEqualTo(new RuleResult(Outcome.NOT_APPLICABLE, "device pinned0 sends no page requests"));
        assertThat(result(report, "3.2"))
                .isEqualTo(new RuleResult(Outcome.NOT_APPLICABLE, "hardware half 'arm-smmu-v3' does not carry ATOMIC"));
    }

    /** A plug-in that can do nothing has broken nothing, and has not conformed either. */
    @Test
    void whereNothingAppliesNothingHasPassed() {
        ConformanceReport report = run("3.1 5.1", carrying());

        assertThat(report.count(SMMU, Outcome.NOT_APPLICABLE)).isEqualTo(2);
        assertThat(report.passed()).isFalse();
    }

    @Test
    void aHangIsTheFailureOfTheRuleThatItHappensInAndTheRunGoesOn() {
        try {
            ConformanceReport report = ConformanceRun.of(Budget.QUICK)
                    .withPatience(Duration.ofSeconds(5))
                    .withRules(rules("3.1 3.2 3.3"))
                    .on(List.of(Halves.of(new HangsAtAtomics())));

            assertThat(result(report, "3.1").outcome()).isEqualTo(Outcome.PASSED);
            assertThat(result(report, "3.2").outcome()).isEqualTo(Outcome.FAILED);
            assertThat(result(report, "3.2").reason())
                    .contains("3.2 (atomicsActOnTheMemoryOfTheProcess) with pri0, TENACIOUS: hangs");
            assertThat(result(report, "3.3").outcome()).isEqualTo(Outcome.PASSED);
        } finally {
            released = true;
        }
    }

    @Test
    void rulesAreInTheOrderOfTheSpecificationOnEverySubject() {
        ConformanceReport report = ConformanceRun.of(Budget.QUICK)
                .withRules(rules("9.4 1.2"))
                .on(List.of(Halves.of(new SmmuVendor()), Halves.of(new Renamed("twin"))));

        assertThat(report.subjects()).containsExactly(SMMU, "twin");
        assertThat(report.rows()).extracting(row -> row.rule().id()).containsExactly("1.2", "9.4");
        assertThat(report.rows()).allSatisfy(row -> assertThat(row.results()).containsOnlyKeys(SMMU, "twin"));
    }

    @Test
    void twoSubjectsOfOneNameAreRefused() {
        Halves twice = Halves.of(new SmmuVendor());

        assertThatThrownBy(() -> ConformanceRun.of(Budget.QUICK).on(List.of(twice, twice)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(SMMU);
    }

    @Test
    void aChapterStandsForItsRules() {
        assertThat(Rules.select("7"))
                .extracting(RuleInfo::id)
                .containsExactly("7.1", "7.2", "7.3", "7.4", "7.5", "7.6");
        assertThat(Rules.select("5.3")).extracting(RuleInfo::id).containsExactly("5.3");
        assertThat(Rules.select("5.")).isEmpty();
        assertThat(Rules.select("0")).isEmpty();
    }

    @Test
    void halvesOfTwoPluginsAreNamedAfterBoth() {
        assertThat(new Halves(new SmmuVendor(), new Renamed("other")).name()).isEqualTo("arm-smmu-v3+other");
    }

    @Test
    void halvesThatDoNotFitAreRefused() {
        IommuVendor foreign = new Renamed("foreign") {
            @Override
            public String architecture() {
                return "abacus";
            }
        };
        IommuVendor half = new Renamed("half") {
            @Override
            public boolean hasHardware() {
                return false;
            }
        };

        assertThat(catchThrowableOfType(SvaException.class, () -> new Halves(new SmmuVendor(), foreign)))
                .hasMessageContaining("abacus")
                .extracting(SvaException::error)
                .isEqualTo(SvaError.UNSUPPORTED);
        assertThat(catchThrowableOfType(SvaException.class, () -> Halves.of(half)))
                .hasMessageContaining("'half' has no hardware half");
    }

    /** The seed reaches schedules and hardware; named behaviours keep their names whatever the seed. */
    @Test
    void budgetsDifferInBehavioursAndAreTheSameForTheSameSeed() {
        assertThat(Budget.QUICK.behaviours(7)).extracting(RuleRunner::nameOf).containsExactly("TENACIOUS");
        assertThat(Budget.FULL.behaviours(7))
                .hasSizeGreaterThan(3)
                .isEqualTo(Budget.FULL.behaviours(7))
                .isNotEqualTo(Budget.FULL.behaviours(8))
                .allSatisfy(each -> assertThat(each.seed()).isEqualTo(7));
        assertThat(Budget.FULL.behaviours(7))
                .extracting(RuleRunner::nameOf)
                .startsWith("TYPICAL", "FORGETFUL", "TENACIOUS");
    }

    private static ConformanceReport run(String ids, IommuVendor vendor) {
        return ConformanceRun.of(Budget.QUICK).withRules(rules(ids)).on(List.of(Halves.of(vendor)));
    }

    private static List<RuleInfo> rules(String ids) {
        return Stream.of(ids.split(" "))
                .flatMap(id -> Rules.select(id).stream())
                .toList();
    }

    private static RuleResult result(ConformanceReport report, String id) {
        return report.rows().stream()
                .filter(row -> row.rule().id().equals(id))
                .findFirst()
                .orElseThrow()
                .on(report.subjects().get(0));
    }

    private static IommuVendor carrying(TransactionKind... kinds) {
        return new ForwardingVendor(new SmmuVendor()) {
            @Override
            public List<TransactionKind> carries() {
                return List.of(kinds);
            }
        };
    }

    /** Ours under another name. */
    private static class Renamed extends ForwardingVendor {
        private final String id;

        Renamed(String id) {
            super(new SmmuVendor());
            this.id = id;
        }

        @Override
        public String id() {
            return id;
        }
    }

    /** Never comes back from an atomic operation, interrupted or not. */
    private final class HangsAtAtomics extends ForwardingVendor {
        HangsAtAtomics() {
            super(new SmmuVendor());
        }

        @Override
        public IommuHardware createHardware(HardwareHost host) {
            return new ForwardingHardware(super.createHardware(host)) {
                @Override
                public void submit(Transaction transaction) {
                    while (transaction.operation() == Operation.FETCH_ADD && !released) {
                        Thread.onSpinWait();
                    }
                    super.submit(transaction);
                }
            };
        }
    }
}
