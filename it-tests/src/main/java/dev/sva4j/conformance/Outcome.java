package dev.sva4j.conformance;

import org.apiguardian.api.API;

/**
 * What became of a rule on one subject.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public enum Outcome {
    /** It held wherever it applies, and it applies somewhere. */
    PASSED,
    /** It was broken at least once, or declared to be broken and was not. */
    FAILED,
    /** It applies to no device of the subject, or it was broken as a {@link Deviation} declares. */
    NOT_APPLICABLE
}
