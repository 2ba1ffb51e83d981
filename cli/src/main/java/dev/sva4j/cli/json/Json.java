package dev.sva4j.cli.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * The JSON that commands read and write: one configuration of the parser, and the shapes that several of them print.
 */
public final class Json {
    /** Closing a generator leaves standard output open. */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            // Two registers of one name: neither can be believed.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    /** Writes one value. */
    @FunctionalInterface
    public interface Writer {
        /** Writes it. */
        void write(JsonGenerator out) throws IOException;
    }

    /** Prints one indented document and a line feed. */
    public static void document(PrintStream to, Writer content) throws IOException {
        try (JsonGenerator out = FACTORY.createGenerator(to)) {
            DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
            out.setPrettyPrinter(
                    new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter));
            content.write(out);
            out.writeRaw('\n');
        }
    }

    /** A field that holds an array of strings. */
    public static void strings(JsonGenerator out, String name, List<String> values) throws IOException {
        out.writeArrayFieldStart(name);
        for (String value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
    }

    /** A field that holds an unsigned number as a hex string: JSON numbers are exact only up to 2^53. */
    public static void hex(JsonGenerator out, String name, long value) throws IOException {
        out.writeStringField(name, "0x" + Long.toHexString(value));
    }
}
