package dev.sva4j.cli.image;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.cli.ExitCode;
import dev.sva4j.cli.StandardStreams;
import dev.sva4j.spi.IommuInspector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sva4j inspect}. */
@Command(
        name = "inspect",
        description = "Lists the devices, PASIDs and mappings that the IOMMU tables in a memory image hold.")
public final class InspectCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Mixin
    private ImageArguments arguments = new ImageArguments();

    @Option(names = "--all", description = "Also list what only privileged requests may use.")
    private boolean all;

    @Option(names = "--json", description = "Answer as a JSON object.")
    private boolean json;

    /** For the command line that it is part of. */
    public InspectCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws Exception {
        return arguments.with(inspector -> {
            print(report(inspector));
            return ExitCode.OK;
        });
    }

    /** Everything before the first line is printed: an image that turns out to be unreadable yields no half answer. */
    private List<EntryReport> report(IommuInspector inspector) {
        List<EntryReport> reports = new ArrayList<>();
        for (IommuInspector.Entry entry : inspector.entries()) {
            reports.add(report(inspector, entry));
        }
        return reports;
    }

    private EntryReport report(IommuInspector inspector, IommuInspector.Entry entry) {
        RunCollector collector = new RunCollector(all);
        String note = "";
        try {
            inspector.mappings(entry, collector);
        } catch (SvaException e) {
            if (e.error() != SvaError.UNSUPPORTED) {
                throw e;
            }
            note = Objects.requireNonNullElse(e.getMessage(), e.toString());
        }
        return new EntryReport(entry, collector.runs(), collector.unknown(), note);
    }

    private void print(List<EntryReport> reports) throws IOException {
        if (json) {
            InspectionJson.print(streams.out(), reports);
        } else {
            InspectionText.print(streams.out(), reports);
        }
    }
}
