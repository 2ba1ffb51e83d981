package dev.sva4j.cli.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sva4j.cli.ExitCode;
import dev.sva4j.cli.InputException;
import dev.sva4j.cli.InstalledVendors;
import dev.sva4j.cli.StandardStreams;
import dev.sva4j.conformance.Budget;
import dev.sva4j.conformance.ConformanceReport;
import dev.sva4j.conformance.ConformanceRun;
import dev.sva4j.conformance.Halves;
import dev.sva4j.conformance.RuleInfo;
import dev.sva4j.conformance.Rules;
import dev.sva4j.spi.IommuVendor;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sva4j conformance}. */
@Command(
        name = "conformance",
        description =
                "Runs the rules of SPECIFICATION.md on IOMMU plug-ins and prints which ones they keep: by default on every "
                        + "installed plug-in with both halves, or on those of the jars given.",
        footer = {
            "",
            "A plug-in with one half is tried with every other half of its architecture; the pair is called DRIVER+HARDWARE.",
            "Exit code: 0 if no rule failed and every plug-in keeps one at least, 1 if not, 2 for bad usage or input."
        })
public final class ConformanceCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    private final StandardStreams streams;

    @Option(names = "--vendor", paramLabel = "ID", description = "On this plug-in only; may be repeated.")
    private List<String> vendors = List.of();

    @Option(names = "--driver", paramLabel = "ID", description = "The driver half of this plug-in, with --hardware.")
    private @Nullable String driver;

    @Option(names = "--hardware", paramLabel = "ID", description = "The hardware half of this plug-in, with --driver.")
    private @Nullable String hardware;

    @Option(
            names = "--plugin",
            paramLabel = "JAR",
            description = "A jar with plug-ins that are not installed; may be repeated.")
    private List<File> jars = List.of();

    @Option(names = "--rule", paramLabel = "N", description = "This rule (5.3) or chapter (5) only; may be repeated.")
    private List<String> rules = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Schedules and the hardware's freedom are chosen from this seed (default: ${DEFAULT-VALUE}). "
                    + "A failure that names a seed is found again with it.")
    private long seed;

    @Option(
            names = "--budget",
            paramLabel = "BUDGET",
            defaultValue = "quick",
            description = "quick: one behaviour of the hardware, few schedules; full: many of both (default: "
                    + "${DEFAULT-VALUE}).")
    private Budget budget = Budget.QUICK;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = STANDARD_OUTPUT,
            description =
                    "Write the result as JSON to this file as well, or to standard output instead (- or no file).")
    private @Nullable String json;

    /** For the command line that it is part of. */
    public ConformanceCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        List<RuleInfo> wanted = wantedRules();
        try (PluginJars plugins = PluginJars.open(jars)) {
            List<Halves> subjects = subjects(plugins.vendors());
            if (json == null || json.equals(STANDARD_OUTPUT)) {
                return run(subjects, wanted, null);
            }
            // Before the run: a file that cannot be written is not to be found out about after minutes.
            try (PrintStream file = new PrintStream(json, UTF_8)) {
                return run(subjects, wanted, file);
            }
        }
    }

    private int run(List<Halves> subjects, List<RuleInfo> wanted, @Nullable PrintStream file) throws IOException {
        ConformanceRun run = ConformanceRun.of(budget).withSeed(seed).withRules(wanted);
        ConformanceReport report = run.on(subjects);
        if (file != null) {
            ConformanceJson.print(file, run, report);
            if (file.checkError()) {
                throw new IOException(json + " could not be written");
            }
        }
        if (STANDARD_OUTPUT.equals(json)) {
            ConformanceJson.print(streams.out(), run, report);
        } else {
            ConformanceText.print(streams.out(), run, report);
        }
        return report.passed() ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private List<RuleInfo> wantedRules() {
        if (rules.isEmpty()) {
            return Rules.all();
        }
        for (String each : rules) {
            if (Rules.select(each).isEmpty()) {
                throw new InputException("no rule or chapter '" + each + "'; there are " + knownRules());
            }
        }
        return rules.stream().flatMap(each -> Rules.select(each).stream()).toList();
    }

    private static String knownRules() {
        List<RuleInfo> all = Rules.all();
        return "rules " + all.get(0).id() + " to " + all.get(all.size() - 1).id() + ", chapters 1 to "
                + all.get(all.size() - 1).chapter();
    }

    private List<Halves> subjects(List<IommuVendor> fromJars) {
        InstalledVendors known = InstalledVendors.find().with(fromJars);
        SubjectChoice choice = new SubjectChoice(known);
        if (driver != null || hardware != null) {
            if (driver == null || hardware == null || !vendors.isEmpty()) {
                throw new InputException("--driver and --hardware go together, and without --vendor");
            }
            return choice.pair(driver, hardware);
        }
        if (!vendors.isEmpty()) {
            return choice.of(vendors.stream().map(known::require).toList());
        }
        return fromJars.isEmpty() ? choice.all() : choice.of(fromJars);
    }
}
