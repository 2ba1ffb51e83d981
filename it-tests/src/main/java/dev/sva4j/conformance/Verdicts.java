package dev.sva4j.conformance;

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Turns what JUnit tells of the runs of each rule into one verdict on it. */
final class Verdicts implements TestExecutionListener {
    private final Map<Method, Runs> byRule = new ConcurrentHashMap<>();

    /** Why no rule could run at all, if that is so. */
    private final AtomicReference<@Nullable Throwable> beforeAll = new AtomicReference<>();

    /** What became of {@code rule}. */
    RuleResult of(RuleInfo rule) {
        Runs runs = byRule.get(rule.method());
        if (runs != null) {
            return runs.verdict();
        }
        Throwable reason = beforeAll.get();
        return new RuleResult(Outcome.FAILED, "did not run" + (reason == null ? "" : ": " + messageOf(reason)));
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        runsOf(test).ifPresent(runs -> runs.skipped(reason));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Throwable failure = result.getThrowable().orElse(null);
        Optional<Runs> runs = runsOf(test);
        switch (result.getStatus()) {
            case FAILED -> {
                if (runs.isPresent()) {
                    runs.get().failed(messageOf(failure));
                } else {
                    beforeAll.compareAndSet(null, failure);
                }
            }
            case ABORTED -> runs.ifPresent(each -> each.aborted(failure));
            case SUCCESSFUL -> {
                // A rule as a whole, the parent of its runs, has ended well even if all of them were skipped.
                if (test.isTest()) {
                    runs.ifPresent(Runs::passed);
                }
            }
        }
    }

    private Optional<Runs> runsOf(TestIdentifier test) {
        TestSource source = test.getSource().orElse(null);
        return source instanceof MethodSource method
                ? Optional.of(byRule.computeIfAbsent(method.getJavaMethod(), key -> new Runs()))
                : Optional.empty();
    }

    private static String messageOf(@Nullable Throwable failure) {
        if (failure == null) {
            return "no reason given";
        }
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getName() : message.strip();
    }

    /** The runs of one rule. JUnit may tell of them on any thread. */
    private static final class Runs {
        private final Set<String> reasons = new LinkedHashSet<>();
        private @Nullable String failure;
        private @Nullable String deviation;
        private boolean passed;

        synchronized void passed() {
            passed = true;
        }

        synchronized void failed(String message) {
            if (failure == null) {
                failure = message;
            }
        }

        synchronized void skipped(String reason) {
            // JUnit's words for an assumption are of no use to a reader.
            reasons.add(reason.replaceFirst("^Assumption failed: ", ""));
        }

        synchronized void aborted(@Nullable Throwable cause) {
            if (!(cause instanceof DeclaredDeviation.Deviates)) {
                skipped(messageOf(cause));
            } else if (deviation == null) {
                deviation = messageOf(cause);
            }
        }

        synchronized RuleResult verdict() {
            if (failure != null) {
                return new RuleResult(Outcome.FAILED, failure);
            }
            // Somewhere it may have held all the same; but it is broken.
            if (deviation != null) {
                return new RuleResult(Outcome.NOT_APPLICABLE, deviation);
            }
            return passed ? RuleResult.PASSED : new RuleResult(Outcome.NOT_APPLICABLE, String.join("; ", reasons));
        }
    }
}
