package dev.sva4j.cli.conformance;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sva4j.cli.json.Json;
import dev.sva4j.conformance.ConformanceReport;
import dev.sva4j.conformance.ConformanceRun;
import dev.sva4j.conformance.Outcome;
import dev.sva4j.conformance.RuleResult;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/** The matrix for programs. */
final class ConformanceJson {
    private ConformanceJson() {}

    static void print(PrintStream to, ConformanceRun run, ConformanceReport report) throws IOException {
        Json.document(to, out -> {
            out.writeStartObject();
            out.writeStringField("budget", run.budget().name().toLowerCase(Locale.ROOT));
            out.writeNumberField("seed", run.seed());
            Json.strings(out, "vendors", report.subjects());
            out.writeArrayFieldStart("rules");
            for (ConformanceReport.Row row : report.rows()) {
                write(out, row);
            }
            out.writeEndArray();
            out.writeObjectFieldStart("summary");
            for (Outcome outcome : Outcome.values()) {
                out.writeNumberField(
                        name(outcome),
                        report.subjects().stream()
                                .mapToLong(subject -> report.count(subject, outcome))
                                .sum());
            }
            out.writeEndObject();
            out.writeEndObject();
        });
    }

    private static void write(JsonGenerator out, ConformanceReport.Row row) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", row.rule().id());
        out.writeStringField("text", row.rule().text());
        out.writeObjectFieldStart("results");
        for (Map.Entry<String, RuleResult> each : row.results().entrySet()) {
            out.writeStringField(each.getKey(), name(each.getValue().outcome()));
        }
        out.writeEndObject();
        out.writeObjectFieldStart("reasons");
        for (Map.Entry<String, RuleResult> each : row.results().entrySet()) {
            if (each.getValue().outcome() != Outcome.PASSED) {
                out.writeStringField(each.getKey(), each.getValue().reason());
            }
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    private static String name(Outcome outcome) {
        return switch (outcome) {
            case PASSED -> "passed";
            case FAILED -> "failed";
            case NOT_APPLICABLE -> "notApplicable";
        };
    }
}
