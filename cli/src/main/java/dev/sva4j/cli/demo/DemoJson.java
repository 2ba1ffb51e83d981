package dev.sva4j.cli.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sva4j.cli.json.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** The figures of all runs for programs. */
final class DemoJson {
    private DemoJson() {}

    static void print(PrintStream to, List<DemoReport> reports) throws IOException {
        Json.document(to, out -> {
            out.writeStartArray();
            for (DemoReport report : reports) {
                write(out, report.result());
            }
            out.writeEndArray();
        });
    }

    private static void write(JsonGenerator out, DemoResult result) throws IOException {
        out.writeStartObject();
        out.writeStringField("vendor", result.vendor());
        out.writeStringField("policy", result.policy());
        out.writeStringField("quiesce", result.quiesce());
        out.writeFieldName("seed");
        if (result.seed() == null) {
            out.writeNull();
        } else {
            out.writeNumber(result.seed());
        }
        out.writeObjectFieldStart("dmaAfterExit");
        out.writeNumberField("attempted", result.dmaAfterExit().attempted());
        out.writeNumberField("reachedMemory", result.dmaAfterExit().reachedMemory());
        out.writeNumberField("aborted", result.dmaAfterExit().aborted());
        out.writeEndObject();
        out.writeObjectFieldStart("faults");
        out.writeNumberField("recordedByHardware", result.faults().recordedByHardware());
        out.writeNumberField("droppedBySoftware", result.faults().droppedBySoftware());
        out.writeNumberField("reported", result.faults().reported());
        out.writeNumberField("overflows", result.faults().overflows());
        out.writeEndObject();
        out.writeObjectFieldStart("pageRequests");
        out.writeNumberField("received", result.pageRequests().received());
        out.writeNumberField("groups", result.pageRequests().groups());
        out.writeNumberField("answeredBySoftware", result.pageRequests().answeredBySoftware());
        out.writeNumberField("answeredByHardware", result.pageRequests().answeredByHardware());
        out.writeEndObject();
        out.writeNumberField("exitNanos", result.exitNanos());
        out.writeNumberField("reclaimNanos", result.reclaimNanos());
        out.writeNumberField("mmExitNanos", result.mmExitNanos());
        out.writeStringField("pasidReusableAfter", result.pasidReusableAfter());
        out.writeEndObject();
    }
}
