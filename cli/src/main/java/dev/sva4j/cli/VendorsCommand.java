package dev.sva4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sva4j.cli.json.Json;
import dev.sva4j.spi.IommuInspection;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.QuiesceStrategy;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sva4j vendors}. */
@Command(name = "vendors", description = "Lists the IOMMU plug-ins that are installed and what they can do.")
final class VendorsCommand implements Callable<Integer> {
    private final StandardStreams streams;

    @Option(names = "--json", description = "Answer as a JSON array.")
    private boolean json;

    VendorsCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        List<IommuVendor> vendors = InstalledVendors.find().all();
        if (json) {
            Json.document(streams.out(), out -> write(out, vendors));
        } else if (vendors.isEmpty()) {
            streams.out().println("No IOMMU plug-in is installed: put a vendor jar on the class path or module path.");
        } else {
            vendors.forEach(vendor -> print(streams.out(), vendor));
        }
        return ExitCode.OK;
    }

    private static void print(PrintStream out, IommuVendor vendor) {
        out.printf("%s (%s): %s%n", vendor.id(), vendor.architecture(), vendor.description());
        out.printf("  halves     %s%n", orNone(halves(vendor)));
        out.printf("  carries    %s%n", orNone(carries(vendor)));
        for (QuiesceStrategy strategy : vendor.quiesceStrategies()) {
            out.printf(
                    "  quiesce    %s: %s; %s%n",
                    strategy.name(),
                    strategy.description(),
                    strategy.silentInHardware()
                            ? "hardware writes no record"
                            : "hardware still writes records, software drops them");
        }
        out.printf("  images     %s%n", orNone(images(vendor)));
    }

    private static void write(JsonGenerator out, List<IommuVendor> vendors) throws IOException {
        out.writeStartArray();
        for (IommuVendor vendor : vendors) {
            out.writeStartObject();
            out.writeStringField("id", vendor.id());
            out.writeStringField("architecture", vendor.architecture());
            out.writeStringField("description", vendor.description());
            Json.strings(out, "halves", halves(vendor));
            Json.strings(out, "carries", carries(vendor));
            out.writeArrayFieldStart("quiesceStrategies");
            for (QuiesceStrategy strategy : vendor.quiesceStrategies()) {
                out.writeStartObject();
                out.writeStringField("name", strategy.name());
                out.writeStringField("description", strategy.description());
                out.writeBooleanField("silentInHardware", strategy.silentInHardware());
                out.writeEndObject();
            }
            out.writeEndArray();
            Json.strings(out, "images", images(vendor));
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static List<String> halves(IommuVendor vendor) {
        return vendor.hasDriver()
                ? vendor.hasHardware() ? List.of("driver", "hardware") : List.of("driver")
                : vendor.hasHardware() ? List.of("hardware") : List.of();
    }

    private static List<String> carries(IommuVendor vendor) {
        return vendor.carries().stream().map(Enum::name).toList();
    }

    private static List<String> images(IommuVendor vendor) {
        Set<String> names = vendor.inspection().map(IommuInspection::imageNames).orElse(Set.of());
        return List.copyOf(new TreeSet<>(names));
    }

    private static String orNone(List<String> words) {
        return words.isEmpty() ? "none" : words.stream().collect(Collectors.joining(", "));
    }
}
