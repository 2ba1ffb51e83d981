package dev.sva4j.cli.image;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sva4j.cli.json.Json;
import dev.sva4j.spi.IommuInspector.Entry;
import dev.sva4j.spi.Pasid;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * The answer of {@code inspect} for programs: rows as in the golden files, so that comparing them is comparing sets.
 */
final class InspectionJson {
    private InspectionJson() {}

    static void print(PrintStream to, List<EntryReport> reports) throws IOException {
        Json.document(to, out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("devices");
            for (EntryReport report : reports) {
                device(out, report);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("mappings");
            for (EntryReport report : reports) {
                for (MappingRun run : report.mappings()) {
                    mapping(out, report.entry(), run);
                }
            }
            out.writeEndArray();
            out.writeArrayFieldStart("notInDump");
            for (EntryReport report : reports) {
                for (UnknownRange range : report.unknown()) {
                    unknown(out, report.entry(), range);
                }
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void device(JsonGenerator out, EntryReport report) throws IOException {
        Entry entry = report.entry();
        startRow(out, entry, true);
        out.writeStringField("kind", entry.kind());
        if (!entry.format().isEmpty()) {
            out.writeStringField("format", entry.format());
        }
        if (!report.note().isEmpty()) {
            out.writeStringField("note", report.note());
        }
        out.writeEndObject();
    }

    private static void mapping(JsonGenerator out, Entry entry, MappingRun run) throws IOException {
        startRow(out, entry, false);
        Json.hex(out, "iova", run.iova());
        Json.hex(out, "pa", run.pa());
        Json.hex(out, "size", run.size());
        out.writeBooleanField("read", run.read());
        out.writeBooleanField("write", run.write());
        if (run.privileged()) {
            out.writeBooleanField("privileged", true);
        }
        out.writeEndObject();
    }

    private static void unknown(JsonGenerator out, Entry entry, UnknownRange range) throws IOException {
        startRow(out, entry, false);
        Json.hex(out, "iova", range.iova());
        Json.hex(out, "size", range.size());
        Json.hex(out, "table", range.tableAddress());
        out.writeEndObject();
    }

    private static void startRow(JsonGenerator out, Entry entry, boolean withRequester) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", Numbers.deviceName(entry.requester()));
        if (withRequester) {
            Json.hex(out, "requester_id", Integer.toUnsignedLong(entry.requester()));
        }
        if (entry.pasid() != Pasid.NONE) {
            out.writeNumberField("pasid", entry.pasid());
        }
    }
}
