package dev.sva4j.cli.conformance;

import dev.sva4j.conformance.ConformanceReport;
import dev.sva4j.conformance.ConformanceRun;
import dev.sva4j.conformance.Outcome;
import dev.sva4j.conformance.RuleResult;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The matrix for people, and behind it the reasons for whatever has not passed. */
final class ConformanceText {
    private static final int TEXT_WIDTH = 70;
    private static final int LEAST_COLUMN = 14;

    /** A failure may quote a whole trace; JSON has all of it. */
    private static final int REASON_WIDTH = 400;

    private ConformanceText() {}

    static void print(PrintStream out, ConformanceRun run, ConformanceReport report) {
        out.printf("budget %s, seed %d%n%n", run.budget().name().toLowerCase(Locale.ROOT), run.seed());
        row(out, "", "", report.subjects(), report.subjects());
        for (ConformanceReport.Row row : report.rows()) {
            row(
                    out,
                    row.rule().id(),
                    shortened(row.rule().text(), TEXT_WIDTH),
                    report.subjects(),
                    report.subjects().stream()
                            .map(subject -> word(row.on(subject).outcome()))
                            .toList());
        }
        out.println();
        reasons(out, report, Outcome.FAILED);
        reasons(out, report, Outcome.NOT_APPLICABLE);
        for (String subject : report.subjects()) {
            out.printf(
                    "%s: %d passed, %d failed, %d not applicable%n",
                    subject,
                    report.count(subject, Outcome.PASSED),
                    report.count(subject, Outcome.FAILED),
                    report.count(subject, Outcome.NOT_APPLICABLE));
        }
    }

    private static void row(PrintStream out, String id, String text, List<String> subjects, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format("%-5s %-" + TEXT_WIDTH + "s", id, text));
        for (int i = 0; i < cells.size(); i++) {
            int width = Math.max(LEAST_COLUMN, subjects.get(i).length());
            line.append(String.format("  %-" + width + "s", cells.get(i)));
        }
        out.println(line.toString().stripTrailing());
    }

    private static void reasons(PrintStream out, ConformanceReport report, Outcome outcome) {
        boolean any = false;
        for (ConformanceReport.Row row : report.rows()) {
            for (String subject : report.subjects()) {
                RuleResult result = row.on(subject);
                if (result.outcome() == outcome) {
                    out.printf("%s %s on %s: %s%n", word(outcome), row.rule().id(), subject, oneLine(result.reason()));
                    any = true;
                }
            }
        }
        if (any) {
            out.println();
        }
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case PASSED -> "passed";
            case FAILED -> "FAILED";
            case NOT_APPLICABLE -> "not applicable";
        };
    }

    private static String shortened(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1).stripTrailing() + "…";
    }

    private static String oneLine(String reason) {
        String line = reason.lines()
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining("; "));
        return shortened(line, REASON_WIDTH);
    }
}
