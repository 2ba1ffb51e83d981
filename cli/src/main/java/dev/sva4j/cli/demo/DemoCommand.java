package dev.sva4j.cli.demo;

import dev.sva4j.api.ExitPolicy;
import dev.sva4j.cli.ExitCode;
import dev.sva4j.cli.InputException;
import dev.sva4j.cli.InstalledVendors;
import dev.sva4j.cli.StandardStreams;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.QuiesceStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sva4j demo}. */
@Command(
        name = "demo",
        description = "Lets a process share its memory with devices, and kills it while they keep writing; "
                + "on every installed IOMMU, side by side.")
public final class DemoCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Option(names = "--vendor", paramLabel = "ID", description = "On this IOMMU only; may be repeated.")
    private List<String> vendors = List.of();

    @Option(names = "--driver", paramLabel = "ID", description = "The driver half of this plug-in, with --hardware.")
    private @Nullable String driver;

    @Option(names = "--hardware", paramLabel = "ID", description = "The hardware half of this plug-in, with --driver.")
    private @Nullable String hardware;

    @Option(
            names = "--policy",
            converter = PolicyConverter.class,
            completionCandidates = PolicyConverter.Names.class,
            split = ",",
            defaultValue = "explicit-unbind",
            description =
                    "Who ends a bond after its process has died: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); "
                            + "several, separated by commas, are shown one after the other.")
    private List<ExitPolicy> policies = List.of();

    @Option(
            names = "--quiesce",
            paramLabel = "NAME",
            description = "How a PASID goes silent, on the IOMMUs that have this mechanism (see: sva4j vendors); "
                    + "the others use their default.")
    private @Nullable String quiesce;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "One task at a time, chosen from this seed, on a virtual clock: the same seed gives the same run. "
                            + "Threads if not given.")
    private @Nullable Long seed;

    @Option(names = "--json", description = "Answer as a JSON array, one object per IOMMU.")
    private boolean json;

    /** For the command line that it is part of. */
    public DemoCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        List<DemoSubject> subjects = subjects(InstalledVendors.find());
        List<DemoReport> reports = new ArrayList<>();
        for (ExitPolicy policy : policies.stream().distinct().toList()) {
            for (DemoSubject subject : subjects) {
                reports.add(new DemoMachine(subject, policy, seed).run());
            }
        }
        if (json) {
            DemoJson.print(streams.out(), reports);
        } else {
            DemoText.print(streams.out(), reports);
        }
        int broken = 0;
        for (DemoReport report : reports) {
            for (String promise : report.broken()) {
                streams.err()
                        .println("sva4j demo: " + report.result().vendor() + ", "
                                + report.result().policy() + ": " + promise);
                broken++;
            }
        }
        return broken == 0 ? ExitCode.OK : ExitCode.CHECK_FAILED;
    }

    private List<DemoSubject> subjects(InstalledVendors installed) {
        List<DemoSubject> chosen = chosen(installed);
        if (quiesce != null
                && chosen.stream().noneMatch(subject -> subject.quiesce().equals(quiesce))) {
            throw new InputException("no IOMMU of this demonstration has a quiesce mechanism '" + quiesce + "'");
        }
        return chosen;
    }

    private List<DemoSubject> chosen(InstalledVendors installed) {
        if (driver != null || hardware != null) {
            if (driver == null || hardware == null || !vendors.isEmpty()) {
                throw new InputException("--driver and --hardware go together, and without --vendor");
            }
            return List.of(subject(installed.require(driver), installed.require(hardware)));
        }
        if (!vendors.isEmpty()) {
            return vendors.stream()
                    .distinct()
                    .map(installed::require)
                    .map(vendor -> subject(vendor, vendor))
                    .toList();
        }
        List<DemoSubject> whole = installed.all().stream()
                .filter(vendor -> vendor.hasDriver() && vendor.hasHardware())
                .map(vendor -> subject(vendor, vendor))
                .toList();
        if (whole.isEmpty()) {
            throw new InputException("no plug-in with both halves is installed; installed: " + installed.ids());
        }
        return whole;
    }

    private DemoSubject subject(IommuVendor driver, IommuVendor hardware) {
        List<String> mechanisms =
                driver.quiesceStrategies().stream().map(QuiesceStrategy::name).toList();
        String mechanism = quiesce != null && mechanisms.contains(quiesce) ? quiesce : mechanisms.get(0);
        return new DemoSubject(driver.id(), hardware.id(), mechanism, hardware.carries());
    }
}
