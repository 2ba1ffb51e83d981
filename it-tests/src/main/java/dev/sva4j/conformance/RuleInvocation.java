package dev.sva4j.conformance;

import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;

/** One run of a rule. */
record RuleInvocation(String name, Extension extension) implements TestTemplateInvocationContext {
    static TestTemplateInvocationContext on(Bench bench) {
        return new RuleInvocation(bench.toString(), new BenchParameter(bench));
    }

    static TestTemplateInvocationContext notApplicable(String reason) {
        ExecutionCondition never = context -> ConditionEvaluationResult.disabled(reason);
        return new RuleInvocation("no device", never);
    }

    @Override
    public String getDisplayName(int invocationIndex) {
        return name;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
        return List.of(extension);
    }

    /** Hands the bench to the rule. */
    private record BenchParameter(Bench bench) implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Bench.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return bench;
        }
    }
}
