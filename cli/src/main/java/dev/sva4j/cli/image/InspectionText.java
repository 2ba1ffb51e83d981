package dev.sva4j.cli.image;

import dev.sva4j.spi.IommuInspector.Entry;
import dev.sva4j.spi.Pasid;
import java.io.PrintStream;
import java.util.List;

/** The answer of {@code inspect} for people. */
final class InspectionText {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private InspectionText() {}

    static void print(PrintStream out, List<EntryReport> reports) {
        if (reports.isEmpty()) {
            out.println("Every device is blocked: no entry does more than abort.");
        }
        for (EntryReport report : reports) {
            Entry entry = report.entry();
            out.printf(
                    "%s pasid %s: %s%s%n",
                    Numbers.deviceName(entry.requester()),
                    entry.pasid() == Pasid.NONE ? "-" : Integer.toString(entry.pasid()),
                    entry.kind(),
                    tables(entry));
            if (!report.note().isEmpty()) {
                out.println("  " + report.note());
            }
            for (MappingRun run : report.mappings()) {
                out.printf(
                        "  %016x-%016x -> %012x  %s%s%s  %s%n",
                        run.iova(),
                        run.iova() + run.size() - 1,
                        run.pa(),
                        run.read() ? "r" : "-",
                        run.write() ? "w" : "-",
                        run.privileged() ? " privileged" : "",
                        size(run.size()));
            }
            for (UnknownRange range : report.unknown()) {
                out.printf(
                        "  %016x-%016x -> not in dump (table at 0x%x)%n",
                        range.iova(), range.iova() + range.size() - 1, range.tableAddress());
            }
        }
    }

    private static String tables(Entry entry) {
        return entry.format().isEmpty() ? "" : String.format(", %s, root 0x%x", entry.format(), entry.root());
    }

    /** In the largest unit that divides it: mappings are whole pages. */
    private static String size(long bytes) {
        int unit = bytes == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(bytes) / 10, UNITS.length - 1);
        return Long.toUnsignedString(bytes >>> (10 * unit)) + " " + UNITS[unit];
    }
}
