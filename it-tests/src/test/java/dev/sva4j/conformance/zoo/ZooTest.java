package dev.sva4j.conformance.zoo;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.sva4j.conformance.Rule;
import dev.sva4j.conformance.RuleInfo;
import dev.sva4j.conformance.Rules;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The kit finds what is broken: the rules that a fault breaks fail, and no other of those {@linkplain ChosenRules chosen}. */
class ZooTest {
    static Stream<Animal> broken() {
        return Zoo.broken().stream();
    }

    static Stream<Animal> unusual() {
        return Zoo.unusual().stream();
    }

    @ParameterizedTest
    @MethodSource("broken")
    void rulesThatNameTheBugFailAndNoOthers(Animal animal) {
        Map<String, List<String>> failed = failuresByRule(animal);

        assertThat(failed.keySet())
                .as("rules that have to fail")
                .containsAll(animal.plate().fails());
        failed.keySet().removeAll(animal.plate().fails());
        failed.keySet().removeAll(animal.plate().mayFail().keySet());
        assertThat(failed).as("rules that fail without being named").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("unusual")
    void whatIsOnlyUnusualBreaksNoRule(Animal animal) {
        assertThat(failuresByRule(animal)).isEmpty();
    }

    /** {@code SPECIFICATION.md} and the code list the same animals, with the same bugs and rules. */
    @Test
    void documentListsTheAnimals() {
        assertThat(ZooDocument.rows()).isEqualTo(ZooDocument.expected());
    }

    /** A rule that was renamed would name nothing. */
    @Test
    void platesNameRulesThatThereAre() {
        List<String> rules = Rules.all().stream().map(RuleInfo::id).toList();
        assertThat(Zoo.broken()).allSatisfy(animal -> {
            assertThat(rules).containsAll(animal.plate().fails());
            assertThat(rules).containsAll(animal.plate().mayFail().keySet());
            assertThat(animal.plate().mayFail().keySet())
                    .doesNotContainAnyElementsOf(animal.plate().fails());
        });
    }

    /** An animal that only perhaps breaks a rule would be one that nobody finds. */
    @Test
    void everyBrokenAnimalIsFound() {
        assertThat(Zoo.broken())
                .allSatisfy(animal -> assertThat(animal.plate().fails()).isNotEmpty());
        assertThat(Zoo.unusual()).allSatisfy(animal -> {
            assertThat(animal.plate().fails()).isEmpty();
            assertThat(animal.plate().mayFail()).isEmpty();
        });
    }

    /** The messages, by rule. */
    private static Map<String, List<String>> failuresByRule(Animal animal) {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(AnimalRules.class))
                .configurationParameter(AnimalRules.PARAMETER, animal.name())
                .execute();
        assertThat(results.testEvents().started().count())
                .isGreaterThanOrEqualTo(ChosenRules.of(animal).size());
        return results.testEvents().failed().stream()
                .collect(groupingBy(ZooTest::ruleOf, TreeMap::new, mapping(ZooTest::failureOf, toList())));
    }

    private static String failureOf(Event event) {
        Throwable cause = event.getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .orElseThrow();
        return event.getTestDescriptor().getDisplayName() + ": " + cause;
    }

    private static String ruleOf(Event event) {
        org.junit.platform.engine.support.descriptor.MethodSource source =
                (org.junit.platform.engine.support.descriptor.MethodSource)
                        event.getTestDescriptor().getSource().orElseThrow();
        return source.getJavaMethod().getAnnotation(Rule.class).value();
    }
}
