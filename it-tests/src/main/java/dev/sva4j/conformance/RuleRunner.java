package dev.sva4j.conformance;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.spi.Behaviour;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
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

/**
 * Runs each rule of a {@link Subject} once per device and behaviour, ends what hangs, names the rule in what fails, and holds the subject to
 * what it declares to fail.
 */
final class RuleRunner
        implements BeforeAllCallback,
                TestTemplateInvocationContextProvider,
                InvocationInterceptor,
                TestExecutionExceptionHandler {
    private static final ExtensionContext.Namespace OF_A_RULE = ExtensionContext.Namespace.create(RuleRunner.class);
    private static final String HANGS = "hangs";
    private static final String DEVIATION = "deviation";

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
                                + "; a rule cannot be waived, declare what the hardware half carries, or a deviation, instead");
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
        String rule = ruleOf(context).value();
        Optional<Deviation> deviation = subject.deviations().stream()
                .filter(each -> each.rule().equals(rule))
                .findFirst();
        deviation.ifPresent(declared -> runsOf(context).put(DEVIATION, new DeclaredDeviation(declared)));
        List<DeviceSpec> devices = subject.devices();
        if (devices.isEmpty()) {
            return Stream.of(RuleInvocation.notApplicable("hardware half '"
                    + subject.hardware().id() + "' carries no requests, neither with a PASID nor without"));
        }
        return devices.stream()
                .flatMap(device -> subject.behaviours().stream()
                        .map(behaviour ->
                                RuleInvocation.on(new Bench(subject, device, behaviour, deviation.isPresent()))));
    }

    /**
     * A run that hangs is ended, and its thread left behind if it does not take notice. The rule hangs with the next device as well, most
     * likely, so its other runs are skipped: whoever waits for the report waits once per rule.
     */
    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> run, ReflectiveInvocationContext<Method> rule, ExtensionContext context) {
        ExtensionContext.Store runs = runsOf(context.getParent().orElseThrow());
        assumeTrue(runs.get(HANGS) == null, () -> "the rule hangs with " + runs.get(HANGS));
        Subject subject = (Subject) context.getRequiredTestInstance();
        // Words for a run that was ended are only asked for when one was.
        assertTimeoutPreemptively(subject.patience(), run::proceed, () -> {
            runs.put(HANGS, context.getDisplayName());
            return "hangs";
        });
        deviationOf(context).ifPresent(DeclaredDeviation::held);
    }

    /** Consoles show an invocation as a number, so what failed says by itself where. What was declared to fail is no failure. */
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        Rule rule = ruleOf(context);
        if (rule == null || failure instanceof TestAbortedException) {
            throw failure;
        }
        String where = "rule " + rule.value() + " ("
                + context.getRequiredTestMethod().getName() + ") with " + context.getDisplayName() + ": ";
        String message = where + failure.getMessage();
        throw deviationOf(context)
                .<Throwable>map(deviation -> deviation.failed(message).initCause(failure))
                .orElseGet(() -> new AssertionError(message, failure));
    }

    private static Rule ruleOf(ExtensionContext context) {
        return context.getRequiredTestMethod().getAnnotation(Rule.class);
    }

    /** What all runs of a rule share. */
    private static ExtensionContext.Store runsOf(ExtensionContext rule) {
        return rule.getStore(OF_A_RULE);
    }

    /** Of the rule that {@code run} is one run of. */
    private static Optional<DeclaredDeviation> deviationOf(ExtensionContext run) {
        return Optional.ofNullable(runsOf(run.getParent().orElseThrow()).get(DEVIATION, DeclaredDeviation.class));
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
