package dev.sva4j.cli.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Time lines and a table for people. */
final class DemoText {
    private static final double NANOS_PER_MICRO = 1e3;

    private DemoText() {}

    static void print(PrintStream out, List<DemoReport> reports) {
        for (DemoReport report : reports) {
            timeline(out, report);
        }
        Map<String, List<DemoResult>> byPolicy = new LinkedHashMap<>();
        for (DemoReport report : reports) {
            byPolicy.computeIfAbsent(report.result().policy(), policy -> new ArrayList<>())
                    .add(report.result());
        }
        String separator = "";
        for (List<DemoResult> results : byPolicy.values()) {
            out.print(separator);
            table(out, results);
            separator = System.lineSeparator();
        }
    }

    private static void timeline(PrintStream out, DemoReport report) {
        DemoResult result = report.result();
        out.printf(
                "%s, policy %s%s%n",
                result.vendor(), result.policy(), result.seed() == null ? "" : ", seed " + result.seed());
        for (Timeline.Entry entry : report.timeline()) {
            out.printf("  %12s  %s%n", micros(entry.nanos()), entry.text());
        }
        report.broken().forEach(promise -> out.println("  BROKEN: " + promise));
        out.println();
    }

    private static void table(PrintStream out, List<DemoResult> results) {
        row(out, results.get(0).policy(), results, DemoResult::vendor);
        row(out, "quiesced by", results, DemoResult::quiesce);
        row(
                out,
                "DMA after exit: attempted",
                results,
                r -> count(r.dmaAfterExit().attempted()));
        row(out, "  reached memory", results, r -> count(r.dmaAfterExit().reachedMemory()));
        row(out, "  aborted", results, r -> count(r.dmaAfterExit().aborted()));
        row(out, "faults: recorded by hardware", results, r -> count(r.faults().recordedByHardware()));
        row(out, "  dropped by software", results, r -> count(r.faults().droppedBySoftware()));
        row(out, "  reported", results, r -> count(r.faults().reported()));
        row(out, "  overflows, reported as such", results, r -> count(r.faults().overflows()));
        row(out, "page requests: received", results, r -> count(r.pageRequests().received()));
        row(out, "  groups", results, r -> count(r.pageRequests().groups()));
        row(out, "  answered by software", results, r -> count(r.pageRequests().answeredBySoftware()));
        row(out, "  answered by hardware", results, r -> count(r.pageRequests().answeredByHardware()));
        row(out, "exit took", results, r -> micros(r.exitNanos()));
        row(out, "memory reclaimed after", results, r -> micros(r.reclaimNanos()));
        row(out, "mm_exit took", results, r -> micros(r.mmExitNanos()));
        row(out, "PASID released by", results, DemoResult::pasidReusableAfter);
    }

    private static void row(
            PrintStream out, String label, List<DemoResult> results, Function<DemoResult, String> cell) {
        String cells = results.stream()
                .map(result -> String.format("%18s", cell.apply(result)))
                .collect(Collectors.joining());
        out.printf("%-30s%s%n", label, cells);
    }

    private static String count(long value) {
        return Long.toString(value);
    }

    private static String micros(long nanos) {
        return String.format("%.1f µs", nanos / NANOS_PER_MICRO);
    }
}
