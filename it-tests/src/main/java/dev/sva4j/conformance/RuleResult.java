package dev.sva4j.conformance;

import org.apiguardian.api.API;

/**
 * What became of a rule on one subject, and why.
 *
 * @param outcome the verdict
 * @param reason the first failure in words, or why the rule does not apply, or how it deviates; empty if it passed
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public record RuleResult(Outcome outcome, String reason) {
    static final RuleResult PASSED = new RuleResult(Outcome.PASSED, "");
}
