package dev.sva4j.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.conformance.forward.ForwardingDriver;
import dev.sva4j.conformance.forward.ForwardingVendor;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.vendor.smmu.SmmuVendor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** A rule that a plug-in declares to break runs all the same; the declaration is true or a failure. */
class DeviationTest {
    private static final String KNOWN = "known-never-quiesces";
    private static final String REASON = "exit does not take its entry away";

    @Test
    void aPluginDeclaresInItsJarUnderItsId() {
        assertThat(Deviation.declaredBy(new NeverQuiesces()))
                .containsExactlyInAnyOrder(new Deviation("5.1", REASON), new Deviation("5.8", "callbacks are late"));
        assertThat(Deviation.declaredBy(new SmmuVendor())).isEmpty();
    }

    @Test
    void whatEitherHalfDeclaresHoldsForThePair() {
        assertThat(Deviation.declaredBy(new SmmuVendor(), new NeverQuiesces())).hasSize(2);
        assertThat(Deviation.declaredBy(new NeverQuiesces(), new SmmuVendor())).hasSize(2);
        assertThat(Deviation.declaredBy(new NeverQuiesces(), new NeverQuiesces()))
                .hasSize(2);
    }

    @Test
    void whatIsDeclaredAndBrokenIsNotApplicableWithTheReasonAndTheFailure() {
        RuleResult result = run("5.1");

        assertThat(result.outcome()).isEqualTo(Outcome.NOT_APPLICABLE);
        assertThat(result.reason())
                .startsWith("deviates: " + REASON + " (rule 5.1 (accessAfterExitAborts) with pri0, TENACIOUS: ");
    }

    @Test
    void whatIsDeclaredButHoldsHasFailed() {
        assertThat(run("5.8"))
                .isEqualTo(new RuleResult(
                        Outcome.FAILED,
                        "rule 5.8 is declared to deviate, but holds: take away the declaration 'callbacks are late'"));
    }

    @Test
    void whatIsBrokenAndNotDeclaredHasFailed() {
        assertThat(run("5.2").outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aTestClassHasDeviationsOfItsOwn() {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(Stream.of("5.1", "5.8", "9.5")
                        .flatMap(rule -> Rules.select(rule).stream())
                        .map(rule -> selectMethod(BreaksOneOfTwoDevicesTestCase.class, rule.method()))
                        .toArray(DiscoverySelector[]::new))
                .execute();

        // 5.1 on the device that is broken; it holds on the other.
        assertThat(results.testEvents().aborted().count()).isEqualTo(1);
        assertThat(results.testEvents().failed().count()).isZero();
        // 5.8, which holds on both, fails as a whole.
        assertThat(results.containerEvents().failed().stream())
                .singleElement()
                .satisfies(event -> assertThat(event.getPayload().orElseThrow().toString())
                        .contains("rule 5.8 is declared to deviate, but holds"));
    }

    @Test
    void thereIsNoDeviationFromWhatIsNoRule() {
        assertThatThrownBy(() -> new Deviation("5.99", "it is late"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5.99");
    }

    @Test
    void thereIsNoDeviationWithoutAReason() {
        assertThatThrownBy(() -> new Deviation("5.1", " ")).isInstanceOf(IllegalArgumentException.class);
    }

    private static RuleResult run(String rule) {
        ConformanceReport report = ConformanceRun.of(Budget.QUICK)
                .withRules(Rules.select(rule))
                .on(List.of(Halves.of(new NeverQuiesces())));
        return report.rows().get(0).on(KNOWN);
    }

    /** Declares what is broken in it, and what is not. */
    private static final class NeverQuiesces extends ForwardingVendor {
        NeverQuiesces() {
            super(new SmmuVendor());
        }

        @Override
        public String id() {
            return KNOWN;
        }

        @Override
        public IommuDriver createDriver(DriverHost host) {
            return new ForwardingDriver(super.createDriver(host)) {
                @Override
                public void quiescePasid(int requester, int pasid) {}
            };
        }
    }

    static class BreaksOneOfTwoDevicesTestCase implements AllRules {
        @Override
        public IommuVendor vendor() {
            return new ForwardingVendor(new SmmuVendor()) {
                @Override
                public IommuDriver createDriver(DriverHost host) {
                    return new ForwardingDriver(super.createDriver(host)) {
                        @Override
                        public void quiescePasid(int requester, int pasid) {
                            if (requester != StandardDevices.PAGE_REQUESTS.requester()) {
                                super.quiescePasid(requester, pasid);
                            }
                        }
                    };
                }
            };
        }

        @Override
        public List<Behaviour> behaviours() {
            return List.of(Behaviour.TENACIOUS);
        }

        @Override
        public List<DeviceSpec> devices() {
            return List.of(StandardDevices.PAGE_REQUESTS, StandardDevices.ATS_ONLY);
        }

        @Override
        public List<Deviation> deviations() {
            return List.of(new Deviation("5.1", REASON), new Deviation("5.8", "callbacks are late"));
        }
    }
}
