package dev.sva4j.conformance.zoo;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.sva4j.conformance.Rule;
import dev.sva4j.conformance.RuleInfo;
import dev.sva4j.conformance.Rules;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Which rules an animal meets: all of them with {@code -Dsva4j.zoo=all}, which takes minutes for the whole zoo. Otherwise those
 * that have to fail, and the first of every chapter.
 */
final class ChosenRules implements ExecutionCondition {
    private static final boolean ALL = "all".equals(System.getProperty("sva4j.zoo"));

    static Set<String> of(Animal animal) {
        Stream<String> ids = Rules.all().stream().map(RuleInfo::id);
        return ids.filter(
                        id -> ALL || id.endsWith(".1") || animal.plate().fails().contains(id))
                .collect(toUnmodifiableSet());
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return context.getTestMethod()
                .map(method -> method.getAnnotation(Rule.class).value())
                .filter(id -> !of(AnimalRules.animal(context)).contains(id))
                .map(id -> ConditionEvaluationResult.disabled("not one of the chosen rules"))
                .orElseGet(() -> ConditionEvaluationResult.enabled("chosen"));
    }
}
