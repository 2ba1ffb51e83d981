package dev.sva4j.conformance;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.spi.Behaviour;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.opentest4j.TestAbortedException;

/** Runs each rule of a {@link Subject} once per device and behaviour, and names the rule in what fails. */
final class RuleRunner
        implements BeforeAllCallback, TestTemplateInvocationContextProvider, TestExecutionExceptionHandler {

    /** JUnit does not run a test method that was overridden without its annotation: the rule would be gone without a word. */
    @Override
    public void beforeAll(ExtensionContext context) throws NoSuchMethodException {
        Class<?> subject = context.getRequiredTestClass();
        for (RuleInfo rule : Rules.all()) {
            Method asked = rule.method();
            if (!asked.getDeclaringClass().isAssignableFrom(subject)) {
                continue;
            }
            Method found = subject.getMethod(asked.getName(), asked.getParameterTypes());
            if (!found.equals(asked)) {
                throw new ExtensionConfigurationException(
                        "rule " + rule.id() + " (" + rule.test() + ") is overridden by "
                                + found.getDeclaringClass().getName()
                                + "; a rule cannot be waived, declare what the hardware half carries instead");
            }
        }
    }

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(Rule.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Subject subject = (Subject) context.getRequiredTestInstance();
        List<DeviceSpec> devices = subject.devices();
        if (devices.isEmpty()) {
            return Stream.of(RuleInvocation.notApplicable(
                    "hardware half '" + subject.hardware().id() + "' carries no requests with a PASID"));
        }
        return devices.stream()
                .flatMap(device -> subject.behaviours().stream()
                        .map(behaviour -> RuleInvocation.on(new Bench(subject, device, behaviour))));
    }

    /** Consoles show an invocation as a number, so what failed says by itself where. */
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        Rule rule = context.getRequiredTestMethod().getAnnotation(Rule.class);
        if (rule == null || failure instanceof TestAbortedException) {
            throw failure;
        }
        String where = "rule " + rule.value() + " ("
                + context.getRequiredTestMethod().getName() + ") with " + context.getDisplayName() + ": ";
        if (failure instanceof TimeoutException) {
            throw new AssertionError(where + "hangs; it had not ended after " + Rule.PATIENCE_SECONDS + " s", failure);
        }
        throw new AssertionError(where + failure.getMessage(), failure);
    }

    /** For display: the named behaviours by their names. */
    static String nameOf(Behaviour behaviour) {
        if (behaviour.equals(Behaviour.TYPICAL)) {
            return "TYPICAL";
        }
        if (behaviour.equals(Behaviour.FORGETFUL)) {
            return "FORGETFUL";
        }
        return behaviour.equals(Behaviour.TENACIOUS) ? "TENACIOUS" : behaviour.toString();
    }
}
