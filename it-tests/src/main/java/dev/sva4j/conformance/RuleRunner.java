package dev.sva4j.conformance;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.spi.Behaviour;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.opentest4j.TestAbortedException;

/** Runs each rule of a {@link Subject} once per device and behaviour, ends what hangs, and names the rule in what fails. */
final class RuleRunner
        implements BeforeAllCallback,
                TestTemplateInvocationContextProvider,
                InvocationInterceptor,
                TestExecutionExceptionHandler {
    private static final ExtensionContext.Namespace OF_A_RULE = ExtensionContext.Namespace.create(RuleRunner.class);
    private static final String HANGS = "hangs";

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
            return Stream.of(RuleInvocation.notApplicable("hardware half '"
                    + subject.hardware().id() + "' carries no requests, neither with a PASID nor without"));
        }
        return devices.stream()
                .flatMap(device -> subject.behaviours().stream()
                        .map(behaviour -> RuleInvocation.on(new Bench(subject, device, behaviour))));
    }

    /**
     * A run that hangs is ended, and its thread left behind if it does not take notice. The rule hangs with the next device as well, most
     * likely, so its other runs are skipped: whoever waits for the report waits once per rule.
     */
    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> run, ReflectiveInvocationContext<Method> rule, ExtensionContext context) {
        ExtensionContext.Store runs = context.getParent().orElseThrow().getStore(OF_A_RULE);
        assumeTrue(runs.get(HANGS) == null, () -> "the rule hangs with " + runs.get(HANGS));
        Subject subject = (Subject) context.getRequiredTestInstance();
        // Words for a run that was ended are only asked for when one was.
        assertTimeoutPreemptively(subject.patience(), run::proceed, () -> {
            runs.put(HANGS, context.getDisplayName());
            return "hangs";
        });
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
        throw new AssertionError(where + failure.getMessage(), failure);
    }

    /** For display: the named behaviours by their names. */
    static String nameOf(Behaviour behaviour) {
        Behaviour unseeded = behaviour.withSeed(Behaviour.TYPICAL.seed());
        if (unseeded.equals(Behaviour.TYPICAL)) {
            return "TYPICAL";
        }
        if (unseeded.equals(Behaviour.FORGETFUL)) {
            return "FORGETFUL";
        }
        return unseeded.equals(Behaviour.TENACIOUS) ? "TENACIOUS" : behaviour.toString();
    }
}
