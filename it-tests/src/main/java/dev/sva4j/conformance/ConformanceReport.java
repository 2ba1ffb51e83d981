package dev.sva4j.conformance;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * The matrix of rules and subjects.
 *
 * @param subjects names of the subjects, in the order in which they were given
 * @param rows one row for each rule that was asked for, in the order of the specification
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public record ConformanceReport(List<String> subjects, List<Row> rows) {
    /** Copies the lists. */
    public ConformanceReport {
        subjects = List.copyOf(subjects);
        rows = List.copyOf(rows);
    }

    /**
     * One rule on all subjects.
     *
     * @param rule the rule
     * @param results what became of it, by the name of the subject, in the order of the subjects
     */
    public record Row(RuleInfo rule, Map<String, RuleResult> results) {
        /** Copies the map. */
        public Row {
            results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
        }

        /** What became of it on {@code subject}. */
        public RuleResult on(String subject) {
            RuleResult result = results.get(subject);
            if (result == null) {
                throw new IllegalArgumentException("no subject '" + subject + "'; there are " + results.keySet());
            }
            return result;
        }
    }

    /** How many rules ended so on {@code subject}. */
    public long count(String subject, Outcome outcome) {
        return rows.stream().filter(row -> row.on(subject).outcome() == outcome).count();
    }

    /** Whether no rule failed, and on every subject at least one applied. */
    public boolean passed() {
        return subjects.stream()
                .allMatch(subject -> count(subject, Outcome.FAILED) == 0 && count(subject, Outcome.PASSED) > 0);
    }
}
