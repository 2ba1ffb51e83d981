package dev.sva4j.conformance.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of architecture fails on the classes that were planted to break it, and on no other. */
class ArchitectureRulesTest {
    private static final String ROOT = ArchitectureRulesTest.class.getPackageName() + ".planted";

    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages(ROOT);

    static Stream<Arguments> breaches() {
        ArchitectureRules rules = new ArchitectureRules(ROOT);
        return Stream.of(
                arguments(rules.vendorsDoNotSeeCore(), List.of("SeesCore")),
                arguments(rules.vendorsDoNotSeeEachOther(), List.of("SeesAnotherVendor")),
                arguments(rules.coreNamesNoVendor(), List.of("NamesAVendor")),
                arguments(rules.guiceStaysInCore(), List.of("ShowsGuice")),
                arguments(rules.publishedPackagesExposeNoLibrary(), List.of("ShowsGuice")),
                arguments(rules.halfDependsOnItsLayoutOnly("alpha", "driver"), List.of("SeesTheOtherHalf")),
                arguments(rules.halfDependsOnItsLayoutOnly("alpha", "hardware"), List.of("SeesTheVendor")),
                arguments(rules.layoutDependsOnNothing(), List.of("SeesADriver")),
                arguments(rules.layoutHasNoMutableState(), List.of("HasAVariable", "HasAnArray", "HasACounter")),
                arguments(
                        rules.onlyTheSchedulerWaits(),
                        List.of("Sleeps", "WaitsOnAMonitor", "WaitsForAFuture", "MakesAThread")));
    }

    @ParameterizedTest
    @MethodSource("breaches")
    void ruleFindsWhatBreaksIt(ArchRule rule, List<String> culprits) {
        List<String> findings = findings(rule);

        assertThat(culprits).allSatisfy(culprit -> assertThat(findings).anyMatch(each -> each.contains("." + culprit)));
    }

    @ParameterizedTest
    @MethodSource("breaches")
    void ruleFindsNothingElse(ArchRule rule, List<String> culprits) {
        assertThat(findings(rule))
                .allMatch(each -> culprits.stream().anyMatch(culprit -> each.contains("." + culprit)));
    }

    private static List<String> findings(ArchRule rule) {
        EvaluationResult result = rule.evaluate(PLANTED);
        return result.getFailureReport().getDetails();
    }
}
